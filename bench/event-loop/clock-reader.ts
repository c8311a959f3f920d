/* A thread that does nothing but look at the clock, for as long as it is told to: what it is held up by is the machine's. */
import { performance } from 'node:perf_hooks';
import { type Stretch, TOLD_ABOVE_MS } from './loop-watch.ts';
import { createThreadTime } from './thread-time.ts';

export type HeldUp = Pick<Stretch, 'wallMs' | 'cpuMs'>;

const SECONDS = Number(process.argv[2]);
/** As often as an event loop is looked at. */
const TICK_MS = 1;

const threadTime = createThreadTime();
const heldUp: HeldUp[] = [];
const untilMs = performance.now() + SECONDS * 1_000;
let before = { atMs: performance.now(), cpuMs: threadTime().cpuMs };
while (before.atMs < untilMs) {
  let atMs = performance.now();
  while (atMs - before.atMs < TICK_MS) atMs = performance.now();
  const { cpuMs } = threadTime();
  if (atMs - before.atMs > TOLD_ABOVE_MS) heldUp.push({ wallMs: atMs - before.atMs, cpuMs: cpuMs - before.cpuMs });
  before = { atMs, cpuMs };
}
process.send?.({ kind: 'heldUp', heldUp }, () => process.exit(0));
