import { createMoveWindow } from './move-window.ts';
import { createScoreWindow } from './score-window.ts';
import type { SeriesTransform } from './series-transform.ts';

/** What a window keeps between samples; plain JSON, bounded. */
export type SavedWindow = readonly (readonly number[])[];

/** The samples of one series that its transform looks back on. */
export interface SeriesWindow {
  /**
   * @param value finite
   * @param atMs epoch milliseconds, not before the last
   * @returns the transformed value; NaN: nothing can be said yet
   */
  add(value: number, atMs: number): number;
  save(): SavedWindow;
}

/** @param saved what `save` of a window with the same transform gave */
export function createSeriesWindow(transform: SeriesTransform, saved?: SavedWindow): SeriesWindow {
  switch (transform.kind) {
    case 'VALUE':
      return { add: (value) => value, save: () => [] };
    case 'MOVE':
      return createMoveWindow(transform, saved);
    case 'Z_SCORE':
      return createScoreWindow(transform, saved);
  }
}
