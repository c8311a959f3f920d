import { describe, expect, it } from 'vitest';
import { createStepPlayback, createTimedPlayback, type Playback } from '../../../../../src/services/market-data/replay/playback.ts';
import type { Recording } from '../../../../../src/services/market-data/replay/recording.ts';

const MINUTE_MS = 60_000;

/** Moments by their minutes. */
function aRecording(minutes: Record<string, number[]>): Recording {
  const moments = Object.entries(minutes).map(([symbol, times]) => {
    const ofSymbol = times.map((minute) => ({
      symbol,
      quotedAtMs: minute * MINUTE_MS,
      path: '/a',
      source: 'a',
      format: 'cboe-csv' as const,
      quotedContracts: 1,
    }));
    return [symbol, ofSymbol] as const;
  });
  return { underlyings: [], moments: new Map(moments), files: 1, sideFiles: 0, unknownFiles: 0 };
}

/** Index of the moment that is delivered; null at the end. */
function play(playback: Playback, symbol: string): number | null {
  const position = playback.at(symbol);
  if (position) playback.served(symbol, position.index);
  return position?.index ?? null;
}

describe('a timed playback', () => {
  function aPlayback(minutes: Record<string, number[]>, { speed = 60, loop = false } = {}) {
    const time = { nowMs: 1_000_000 };
    const playback = createTimedPlayback(aRecording(minutes), speed, loop, () => time.nowMs);
    return { playback, pass: (seconds: number) => (time.nowMs += seconds * 1000) };
  }

  it('starts its clock with the first question and runs as fast as told', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5, 10] });
    pass(1000);
    expect(play(playback, 'SPX')).toBe(0);
    pass(4.9);
    expect(play(playback, 'SPX')).toBe(0);
    pass(0.1);
    expect(play(playback, 'SPX')).toBe(1);
  });

  it('passes over moments nobody asked for', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 1, 2, 3, 4] });
    play(playback, 'SPX');
    pass(3.5);
    expect(play(playback, 'SPX')).toBe(3);
  });

  it('shares one clock among symbols, and shows the first moment of one that begins later', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5, 10], RUT: [7, 12] });
    expect([play(playback, 'SPX'), play(playback, 'RUT')]).toEqual([0, 0]);
    pass(11);
    expect([play(playback, 'SPX'), play(playback, 'RUT')]).toEqual([2, 0]);
    pass(1);
    expect([play(playback, 'SPX'), play(playback, 'RUT')]).toEqual([2, 1]);
  });

  it('ends after the last moment was shown, but not before each symbol had it', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5], RUT: [0, 5] });
    expect([play(playback, 'SPX'), play(playback, 'RUT')]).toEqual([0, 0]);
    pass(9.9);
    expect(play(playback, 'SPX')).toBe(1);
    pass(0.1);
    expect(play(playback, 'SPX')).toBeNull();
    expect(play(playback, 'RUT')).toBe(1);
    expect(play(playback, 'RUT')).toBeNull();
  });

  it('begins anew when looping', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5] }, { loop: true });
    play(playback, 'SPX');
    pass(5);
    expect(play(playback, 'SPX')).toBe(1);
    pass(5);
    expect(play(playback, 'SPX')).toBe(0);
  });

  it('shows a single moment once, or for ever when looping', () => {
    const once = aPlayback({ SPX: [0] });
    expect([play(once.playback, 'SPX'), play(once.playback, 'SPX')]).toEqual([0, null]);
    const forEver = aPlayback({ SPX: [0] }, { loop: true });
    expect(play(forEver.playback, 'SPX')).toBe(0);
    forEver.pass(1e6);
    expect(play(forEver.playback, 'SPX')).toBe(0);
  });

  it('does not end for a moment that was asked for and not delivered', () => {
    const { playback } = aPlayback({ SPX: [0] });
    playback.at('SPX');
    expect(play(playback, 'SPX')).toBe(0);
  });

  it('stays at the beginning when the clock is put back', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5] });
    play(playback, 'SPX');
    pass(-100);
    expect(play(playback, 'SPX')).toBe(0);
  });

  it('names the moment to read ahead', () => {
    const { playback, pass } = aPlayback({ SPX: [0, 5] });
    expect(playback.at('SPX')).toEqual({ index: 0, nextIndex: 1 });
    pass(5);
    expect(playback.at('SPX')).toEqual({ index: 1, nextIndex: undefined });
    expect(aPlayback({ SPX: [0] }, { loop: true }).playback.at('SPX')).toEqual({ index: 0, nextIndex: 0 });
  });
});

describe('a step playback', () => {
  it('delivers every moment of every symbol once', () => {
    const playback = createStepPlayback(aRecording({ SPX: [0, 5, 10], RUT: [7] }), false);
    expect([1, 2, 3, 4, 5].map(() => play(playback, 'SPX'))).toEqual([0, 1, 2, null, null]);
    expect([1, 2].map(() => play(playback, 'RUT'))).toEqual([0, null]);
  });

  it('begins anew when looping', () => {
    const playback = createStepPlayback(aRecording({ SPX: [0, 5] }), true);
    expect([1, 2, 3, 4, 5].map(() => play(playback, 'SPX'))).toEqual([0, 1, 0, 1, 0]);
  });

  it('stays at a moment that was not delivered', () => {
    const playback = createStepPlayback(aRecording({ SPX: [0, 5] }), false);
    playback.at('SPX');
    expect(play(playback, 'SPX')).toBe(0);
  });
});
