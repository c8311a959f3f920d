import { describe, expect, it } from 'vitest';
import { BRIDGE_STEPS, brownianBridge } from '../../../../../src/services/market-data/simulated/brownian-bridge.ts';

const STREAMS = 4000;

function variance(values: number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

function overStreams(value: (key: number) => number): number[] {
  return Array.from({ length: STREAMS }, (_, key) => value(key));
}

describe('a Brownian bridge', () => {
  it('begins and ends at 0', () => {
    for (const key of [0, 1, 12345]) {
      expect(brownianBridge(key, 0)).toBe(0);
      expect(brownianBridge(key, BRIDGE_STEPS)).toBe(0);
    }
  });

  it.each([0.1, 0.25, 0.5, 0.9])('has the variance s(1-s) at s = %d', (share) => {
    const step = Math.round(share * BRIDGE_STEPS);
    const ratio = variance(overStreams((key) => brownianBridge(key, step))) / (share * (1 - share));
    // A variance ratio of 4,000 has a deviation of √(2/4000) = 0.022.
    expect(Math.abs(ratio - 1)).toBeLessThan(0.11);
  });

  it.each([1, 1000, 65_535, 131_000])('moves by one step of variance after step %i', (step) => {
    const ratio = variance(overStreams((key) => brownianBridge(key, step + 1) - brownianBridge(key, step))) * BRIDGE_STEPS;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.11);
  });
});
