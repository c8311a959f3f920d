import type { SeriesTransform } from './series-transform.ts';
import type { SavedWindow, SeriesWindow } from './series-window.ts';

/** Values within one 240th of the window count as of one moment: at most so many are kept, whatever the rate of samples. */
const SLOTS = 240;

/** Extremes of a sliding window: moments and values of those that are not surpassed by a later one. */
interface Extremes {
  readonly atMs: number[];
  readonly values: number[];
}

/**
 * The greatest move within a window that ends with the newest value. UP: newest - lowest. DOWN: highest - newest. Relative: divided by the absolute value it moved from.
 * Lowest and highest are those of a monotone queue (Knuth's "ascending minima" after R. Harter): each value is put in and taken out once.
 * A value leaves up to one 240th of the window early.
 */
export function createMoveWindow(
  { windowMs, isRelative, direction, minimumSamples }: Extract<SeriesTransform, { kind: 'MOVE' }>,
  saved: SavedWindow = [],
): SeriesWindow {
  const lowest: Extremes = { atMs: [...(saved[0] ?? [])], values: [...(saved[1] ?? [])] };
  const highest: Extremes = { atMs: [...(saved[2] ?? [])], values: [...(saved[3] ?? [])] };
  /** Samples per slot, to know how many the window holds. */
  const slots: number[] = [...(saved[4] ?? [])];
  const counts: number[] = [...(saved[5] ?? [])];
  const slotMs = Math.max(1, windowMs / SLOTS);
  let samples = counts.reduce((sum, count) => sum + count, 0);

  /** @param sign 1 keeps the lowest, -1 the highest */
  function push({ atMs, values }: Extremes, value: number, nowMs: number, sign: 1 | -1): void {
    while (values.length > 0 && sign * values.at(-1)! >= sign * value) {
      values.pop();
      atMs.pop();
    }
    const isSameSlot = atMs.length > 0 && Math.floor(atMs.at(-1)! / slotMs) === Math.floor(nowMs / slotMs);
    if (!isSameSlot) {
      values.push(value);
      atMs.push(nowMs);
    }
    expire(atMs, values, nowMs);
  }

  function expire(atMs: number[], values: number[], nowMs: number): void {
    let gone = 0;
    while (gone < atMs.length && atMs[gone]! < nowMs - windowMs) gone++;
    if (gone === 0) return;
    atMs.splice(0, gone);
    values.splice(0, gone);
  }

  function count(nowMs: number): void {
    const slot = Math.floor(nowMs / slotMs) * slotMs;
    if (slots.at(-1) === slot) counts[counts.length - 1]!++;
    else {
      slots.push(slot);
      counts.push(1);
    }
    samples++;
    while (slots[0]! + slotMs < nowMs - windowMs) {
      slots.shift();
      samples -= counts.shift()!;
    }
  }

  function move(from: number, value: number): number {
    const moved = Math.abs(value - from);
    if (!isRelative) return moved;
    return from === 0 ? Number.NaN : moved / Math.abs(from);
  }

  return {
    add(value, nowMs) {
      count(nowMs);
      push(lowest, value, nowMs, 1);
      push(highest, value, nowMs, -1);
      if (samples < minimumSamples) return Number.NaN;
      // When the newest value shares its slot with a lower one that is still there, that one is the lowest.
      const up = move(Math.min(value, lowest.values[0] ?? value), value);
      const down = move(Math.max(value, highest.values[0] ?? value), value);
      if (direction === 'UP') return up;
      return direction === 'DOWN' ? down : Math.max(up, down);
    },
    save: () => [[...lowest.atMs], [...lowest.values], [...highest.atMs], [...highest.values], [...slots], [...counts]],
  };
}
