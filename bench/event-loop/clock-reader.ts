/* A thread that does nothing but look at the clock, for as long as it is told to: what it is held up by is the machine's. */
import { performance } from 'node:perf_hooks';
import { createThreadTime } from './thread-time.ts';

export interface HeldUp {
  readonly wallMs: number;
  /** Processor time that the machine says the thread had meanwhile. */
  readonly cpuMs: number;
}

const [seconds = 1, longerThanMs = 10] = process.argv.slice(2).map(Number);
/** As often as an event loop is looked at. */
const TICK_MS = 1;

const threadTime = createThreadTime();
const heldUp: HeldUp[] = [];
const untilMs = performance.now() + seconds * 1_000;
let before = { atMs: performance.now(), ...threadTime() };
while (before.atMs < untilMs) {
  let atMs = performance.now();
  while (atMs - before.atMs < TICK_MS) atMs = performance.now();
  const { cpuMs, waitedMs } = threadTime();
  if (atMs - before.atMs > longerThanMs) heldUp.push({ wallMs: atMs - before.atMs, cpuMs: cpuMs - before.cpuMs });
  before = { atMs, cpuMs, waitedMs };
}
process.send?.({ kind: 'heldUp', heldUp }, () => process.exit(0));
