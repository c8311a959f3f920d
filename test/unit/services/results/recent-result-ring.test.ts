import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { METRICS } from '../../../../src/domain/candidates/metric.ts';
import type { ScanResult } from '../../../../src/domain/results/scan-result.ts';
import { createRecentResultRing } from '../../../../src/services/results/recent-result-ring.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';
import { wholeResult } from '../../../support/whole-result.ts';

const EVERYTHING = { fromMs: Number.NEGATIVE_INFINITY, beforeMs: Number.POSITIVE_INFINITY };
const START_MS = Date.UTC(2026, 10, 20, 15, 30);

function row(sequence: number): ScanResult {
  return { ...aResultDraft(), sequence, detectedAtMs: START_MS + Math.floor(sequence / 3) };
}

const rows = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => row(first + index));
const sequences = (selected: readonly ScanResult[] | null) => selected?.map(({ sequence }) => sequence) ?? null;

it('holds the newest, and says null where older ones may be meant', () => {
  const ring = createRecentResultRing({ capacity: 5, lastSequence: 10 });
  expect([ring.size(), ring.select(() => true, EVERYTHING, null, 1)]).toEqual([0, null]);
  const all = rows(11, 18);
  ring.append(all.slice(0, 3));
  ring.append(all.slice(2));
  expect([ring.firstSequence(), ring.lastSequence(), ring.size()]).toEqual([14, 18, 5]);
  expect(sequences(ring.select(() => true, EVERYTHING, null, 5))).toEqual([18, 17, 16, 15, 14]);
  expect(ring.select(() => true, EVERYTHING, null, 6)).toBeNull();
  expect(ring.select(({ symbol }) => symbol !== 'AAA', EVERYTHING, null, 1)).toBeNull();
  expect(ring.select(() => true, EVERYTHING, null, 1)!.map(wholeResult)).toEqual([all.at(-1)]);
  expect([ring.byId(all[0]!.id), wholeResult(ring.byId(all.at(-1)!.id)!)]).toEqual([null, all.at(-1)]);
});

it('tells a span that it holds all of, by time and behind a position', () => {
  const ring = createRecentResultRing({ capacity: 9, lastSequence: 10 });
  ring.append(rows(11, 20));
  // Three rows share a moment: 12 to 14, 15 to 17, 18 to 20.
  const { detectedAtMs } = row(15);
  expect(sequences(ring.select(() => true, { ...EVERYTHING, fromMs: detectedAtMs }, null, 100))).toEqual([20, 19, 18, 17, 16, 15]);
  expect(sequences(ring.select(() => true, { fromMs: detectedAtMs, beforeMs: detectedAtMs + 1 }, null, 100))).toEqual([17, 16, 15]);
  expect(sequences(ring.select(() => true, EVERYTHING, { atMs: detectedAtMs, sequence: 17 }, 2))).toEqual([16, 15]);
  // 12 to 14 are held, and of that moment another one might be older.
  expect(ring.select(() => true, { ...EVERYTHING, fromMs: row(12).detectedAtMs }, null, 100)).toBeNull();
});

it('holds everything when it holds the first of all', () => {
  const ring = createRecentResultRing({ capacity: 5, lastSequence: 0 });
  ring.append(rows(1, 3));
  expect(sequences(ring.select(() => true, EVERYTHING, null, 10))).toEqual([3, 2, 1]);
});

it('takes older rows in front while there is room, without a gap', () => {
  const ring = createRecentResultRing({ capacity: 4, lastSequence: 10 });
  expect([9, 10, 9, 8].map((sequence) => ring.prepend(row(sequence)))).toEqual([false, true, true, true]);
  ring.append(rows(11, 11));
  expect([ring.prepend(row(7)), ring.firstSequence(), ring.size()]).toEqual([false, 8, 4]);
  expect(sequences(ring.select(() => true, EVERYTHING, null, 4))).toEqual([11, 10, 9, 8]);
});

it('begins anew behind a gap', () => {
  const ring = createRecentResultRing({ capacity: 4, lastSequence: 0 });
  const [first] = rows(1, 1);
  ring.append([first!]);
  ring.append(rows(5, 6));
  expect([ring.firstSequence(), ring.size(), ring.byId(first!.id)]).toEqual([5, 2, null]);
  expect(ring.select(() => true, EVERYTHING, null, 3)).toBeNull();
});

it('takes about 2 MB for 1,000 results as the scanner makes them', () => {
  // What they are as objects is more than twice that.
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    // One collection leaves some of what tests before this one have left behind.
    for (let round = 0; round < 3; round++) collect();
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const names = ['probabilityOfProfit', 'returnOnRisk', 'expectedValue', 'volatility', 'timeDecay', 'spread', 'openInterest', 'volume'];
  const COUNT = 5_000;
  // Each has strings of its own, as rows that were parsed have.
  const aRow = (sequence: number) =>
    JSON.parse(
      JSON.stringify({
        ...row(sequence),
        legsKey: '+1 AAA261218P00095000,-1 AAA261218P00100000',
        metrics: Object.fromEntries(METRICS.map(({ name }, index) => [name, index % 9 === 4 ? null : Math.sin(sequence + index) * 100])),
        scoreComponents: names.map((name, index) => ({
          name,
          weight: 0.125,
          value: Math.cos(sequence + index) * 100,
          explanation: `The implied volatility is ${sequence} % against ${index} % at the money; a seller wants it high: ${name}.`,
        })),
        reasons: [
          `Bull put spread: receives ${sequence} USD per unit for 27.3 days, break-even at 454.98 USD, 73.1 % probability of profit.`,
          `Weakness: The least traded leg has a volume of ${sequence} contracts today.`,
        ],
      }),
    ) as ScanResult;
  const before = used();
  const ring = createRecentResultRing({ capacity: COUNT, lastSequence: 0 });
  for (let sequence = 1; sequence <= COUNT; sequence++) ring.append([aRow(sequence)]);
  const bytes = ((used() - before) / ring.size()) * 1_000;
  console.info(`recent results: ${(bytes / 1e6).toFixed(2)} MB for 1,000`);
  const newest = ring.select(() => true, EVERYTHING, null, 1)![0]!;
  expect(wholeResult(newest)).toEqual({ ...aRow(COUNT), id: newest.id });
  expect(bytes).toBeLessThan(2_250_000);
});

it('keeps the rows that were asked for, as long as they are held and there are not too many', () => {
  const ring = createRecentResultRing({ capacity: 1_200, lastSequence: 0 });
  const newest = (count: number) => ring.select(() => true, EVERYTHING, null, count)!;
  const all = rows(1, 1_300);
  ring.append(all.slice(0, 1_200));
  const [first] = newest(1);
  expect([newest(1)[0], ring.byId(first!.id)]).toEqual([first, first]);
  expect(newest(1)[0]).toBe(first);
  expect(sequences(newest(1_200))).toEqual(
    all
      .slice(0, 1_200)
      .toReversed()
      .map(({ sequence }) => sequence),
  );
  expect(newest(1)[0]).not.toBe(first);
  ring.append(all.slice(1_200));
  expect(newest(1_200).map(wholeResult)).toEqual(all.slice(100).toReversed());
});
