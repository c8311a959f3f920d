import { childPath, statedMembers } from '../filters/criteria-issues.ts';
import { parseFilterCriteria } from '../filters/parse-filter-criteria.ts';
import { parseSeriesSource } from './parse-series-source.ts';
import {
  CHANGE_MEASURES,
  CONDITION_KINDS,
  type ConditionKind,
  type Level,
  MOVE_DIRECTIONS,
  type RuleCondition,
  type Screen,
} from './rule-condition.ts';
import { createRuleFields, type RuleFields } from './rule-fields.ts';
import type { RuleIssues } from './rule-issues.ts';

/** Bounds what one window costs per sample and in memory. */
export const MOST_WINDOW_SAMPLES = 512;
/** With fewer values a standard deviation says more about chance than about the series. */
const DEFAULT_MINIMUM_SAMPLES = 20;
const DEFAULT_HOLD_MS = 300_000;
/** What Iglewicz & Hoaglin (1993) recommend for the modified z-score. */
const DEFAULT_ANOMALY_SCORE = 3.5;

const MEMBERS: Readonly<Record<ConditionKind, readonly string[]>> = {
  MATCH: ['kind', 'filterId', 'criteria', 'holdMs'],
  THRESHOLD: ['kind', 'source', 'direction', 'fireAt', 'clearAt'],
  CHANGE: ['kind', 'source', 'windowMs', 'measure', 'direction', 'fireAt', 'clearAt', 'minimumSamples'],
  ENTER_EXIT: ['kind', 'filterId', 'criteria', 'on', 'holdMs'],
  ABSENCE: ['kind', 'source', 'afterMs'],
  ANOMALY: ['kind', 'source', 'samples', 'minimumSamples', 'direction', 'fireAt', 'clearAt'],
};

/** Null, with issues, when the input isn't a condition of a known kind. */
export function parseRuleCondition(input: unknown, path: string, issues: RuleIssues): RuleCondition | null {
  const stated = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : undefined;
  const kind = CONDITION_KINDS.find((known) => known === stated);
  if (kind === undefined) {
    issues.add(childPath(path, 'kind'), `one of ${CONDITION_KINDS.join(', ')}`, stated ?? 'nothing');
    return null;
  }
  const members = statedMembers(input, MEMBERS[kind], path, issues);
  return members === null ? null : parse(kind, createRuleFields(members, path, issues));
}

function parse(kind: ConditionKind, fields: RuleFields): RuleCondition {
  const source = () => parseSeriesSource(fields.raw('source'), fields.at('source'), fields.issues);
  const holdMs = () => fields.duration('holdMs', 1000, DEFAULT_HOLD_MS);
  switch (kind) {
    case 'MATCH':
      return { kind, ...parseScreen(fields), holdMs: holdMs() };
    case 'ENTER_EXIT':
      return { kind, ...parseScreen(fields), on: fields.choice('on', ['ENTER', 'EXIT', 'BOTH'], 'ENTER'), holdMs: holdMs() };
    case 'THRESHOLD': {
      const direction = fields.choice('direction', ['ABOVE', 'BELOW']);
      return { kind, source: source(), ...parseLevel(fields, direction) };
    }
    case 'CHANGE': {
      const { fireAt, clearAt } = parseMoveLevel(fields, undefined);
      return {
        kind,
        source: source(),
        windowMs: fields.duration('windowMs', 1000),
        measure: fields.choice('measure', CHANGE_MEASURES),
        direction: fields.choice('direction', MOVE_DIRECTIONS, 'EITHER'),
        fireAt,
        clearAt,
        minimumSamples: minimumSamples(fields, fields.raw('measure') === 'Z_SCORE' ? DEFAULT_MINIMUM_SAMPLES : 2),
      };
    }
    case 'ANOMALY': {
      const { fireAt, clearAt } = parseMoveLevel(fields, DEFAULT_ANOMALY_SCORE);
      const samples = fields.whole('samples', 3, MOST_WINDOW_SAMPLES, 120);
      const least = minimumSamples(fields, Math.min(DEFAULT_MINIMUM_SAMPLES, samples));
      if (least > samples) fields.issues.add(fields.at('minimumSamples'), `at most samples (${samples})`, least);
      return {
        kind,
        source: source(),
        samples,
        minimumSamples: least,
        direction: fields.choice('direction', MOVE_DIRECTIONS, 'EITHER'),
        fireAt,
        clearAt,
      };
    }
    case 'ABSENCE':
      return { kind, source: source(), afterMs: fields.duration('afterMs', 1000) };
  }
}

function minimumSamples(fields: RuleFields, byDefault: number): number {
  return fields.whole('minimumSamples', 2, MOST_WINDOW_SAMPLES, byDefault);
}

function parseScreen(fields: RuleFields): Screen {
  const filterId = fields.has('filterId') ? fields.text('filterId', 1, 64) : null;
  const parsed = parseFilterCriteria(fields.raw('criteria') ?? {});
  if (parsed.kind === 'valid') return { filterId, criteria: parsed.criteria };
  fields.issues.tell(fields.at('criteria'), parsed.issues);
  return { filterId, criteria: {} };
}

function parseLevel(fields: RuleFields, direction: Level['direction']): Level {
  const fireAt = fields.number('fireAt');
  const clearAt = fields.number('clearAt', fireAt);
  const isOrdered = direction === 'ABOVE' ? clearAt <= fireAt : clearAt >= fireAt;
  if (!isOrdered) {
    fields.issues.add(
      fields.at('clearAt'),
      `a level ${direction === 'ABOVE' ? 'at most' : 'at least'} fireAt (${fireAt}) for ${direction}`,
      clearAt,
    );
  }
  return { direction, fireAt, clearAt };
}

function parseMoveLevel(fields: RuleFields, byDefault: number | undefined): { fireAt: number; clearAt: number } {
  const fireAt = fields.number('fireAt', byDefault);
  const clearAt = fields.number('clearAt', fireAt);
  if (fireAt <= 0) fields.issues.add(fields.at('fireAt'), 'a number > 0, the direction says which way', fireAt);
  else if (clearAt > fireAt || clearAt < 0) fields.issues.add(fields.at('clearAt'), `a number from 0 to fireAt (${fireAt})`, clearAt);
  return { fireAt, clearAt };
}
