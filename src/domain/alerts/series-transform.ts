import type { Level, MoveDirection, RuleCondition } from './rule-condition.ts';

/** What is computed of a series of samples before it is compared with levels; rules with the same transform of the same series share the computing. */
export type SeriesTransform =
  | { readonly kind: 'VALUE' }
  | {
      readonly kind: 'MOVE';
      readonly windowMs: number;
      readonly isRelative: boolean;
      readonly direction: MoveDirection;
      readonly minimumSamples: number;
    }
  | {
      readonly kind: 'Z_SCORE';
      /** Of values, or of what each adds to the one before. */
      readonly of: 'VALUE' | 'INCREMENT';
      readonly method: 'MEAN' | 'MEDIAN';
      /** Null: only as many as `samples`. */
      readonly windowMs: number | null;
      readonly samples: number;
      readonly minimumSamples: number;
      readonly direction: MoveDirection;
    };

/** Bounds a window of time that gets many samples: the newest of them count. */
const MOST_SCORE_SAMPLES = 512;

/** How the numbers of a condition come about and where it holds; null for a condition that isn't about a number. */
export function numberOf(condition: RuleCondition): { readonly transform: SeriesTransform; readonly level: Level } | null {
  switch (condition.kind) {
    case 'THRESHOLD': {
      const { direction, fireAt, clearAt } = condition;
      return { transform: { kind: 'VALUE' }, level: { direction, fireAt, clearAt } };
    }
    case 'CHANGE': {
      const { windowMs, measure, direction, fireAt, clearAt, minimumSamples } = condition;
      const transform: SeriesTransform =
        measure === 'Z_SCORE'
          ? { kind: 'Z_SCORE', of: 'INCREMENT', method: 'MEAN', windowMs, samples: MOST_SCORE_SAMPLES, minimumSamples, direction }
          : { kind: 'MOVE', windowMs, isRelative: measure === 'RELATIVE', direction, minimumSamples };
      return { transform, level: { direction: 'ABOVE', fireAt, clearAt } };
    }
    case 'ANOMALY': {
      const { samples, minimumSamples, direction, fireAt, clearAt } = condition;
      const transform: SeriesTransform = {
        kind: 'Z_SCORE',
        of: 'VALUE',
        method: 'MEDIAN',
        windowMs: null,
        samples,
        minimumSamples,
        direction,
      };
      return { transform, level: { direction: 'ABOVE', fireAt, clearAt } };
    }
    default:
      return null;
  }
}

/** The same text for transforms that give the same numbers. */
export function transformKey(transform: SeriesTransform): string {
  switch (transform.kind) {
    case 'VALUE':
      return 'VALUE';
    case 'MOVE':
      return `MOVE ${transform.windowMs} ${transform.isRelative} ${transform.direction} ${transform.minimumSamples}`;
    case 'Z_SCORE': {
      const { of, method, windowMs, samples, minimumSamples, direction } = transform;
      return `Z_SCORE ${of} ${method} ${windowMs} ${samples} ${minimumSamples} ${direction}`;
    }
  }
}
