import { constants, type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks';
import type { ProfiledWork, ThreadProfile } from './thread-profile.ts';
import type { ThreadTime } from './thread-time.ts';

/** A time in which the event loop asked for no timer. */
export interface Stretch {
  readonly wallMs: number;
  /** Processor time of the thread within it: what it would be on an idle machine. */
  readonly cpuMs: number;
  /** Others had the processor. */
  readonly waitedMs: number;
  /** Of it, collecting garbage on this thread, by kind. */
  readonly garbageMs: Readonly<Record<string, number>>;
  /** What ran, the longest first. */
  readonly work: readonly ProfiledWork[];
}

export interface LoopWatchOptions {
  readonly threadTime: () => ThreadTime;
  readonly profile: ThreadProfile;
}

export interface LoopWatch {
  begin(): Promise<void>;
  /** Stretches since `begin`, those of most processor time first. */
  end(): Promise<Stretch[]>;
}

/** Stretches that are told take longer than this by the wall clock: half of what is allowed. */
export const TOLD_ABOVE_MS = 10;
const TICK_MS = 1;
/** The observer is told of collections a little later. */
const SETTLE_MS = 50;

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak callbacks',
};

/** Its declarations leave out what it is told of a collection. */
type CollectionEntry = PerformanceEntry & { readonly detail: { readonly kind: number } };

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Looks at the event loop of this thread by a timer that is due every millisecond, and tells what ran whenever it came late. */
export function createLoopWatch({ threadTime, profile }: LoopWatchOptions): LoopWatch {
  let late: (Span & ThreadTime)[] = [];
  let collections: (Span & { readonly kind: string })[] = [];
  let timer: NodeJS.Timeout | undefined;
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration, detail } of list.getEntries() as CollectionEntry[]) {
      const { kind } = detail;
      collections.push({ fromMs: startTime, toMs: startTime + duration, kind: KINDS[kind] ?? `kind ${kind}` });
    }
  });

  return {
    async begin() {
      await profile.start();
      observer.observe({ entryTypes: ['gc'] });
      late = [];
      collections = [];
      let before = { atMs: performance.now(), ...threadTime() };
      timer = setInterval(() => {
        const now = { atMs: performance.now(), ...threadTime() };
        if (now.atMs - before.atMs > TOLD_ABOVE_MS) {
          late.push({ fromMs: before.atMs, toMs: now.atMs, cpuMs: now.cpuMs - before.cpuMs, waitedMs: now.waitedMs - before.waitedMs });
        }
        before = now;
      }, TICK_MS);
    },
    async end() {
      clearInterval(timer);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      observer.disconnect();
      const workIn = await profile.stop();
      const stretches = late.map(({ fromMs, toMs, cpuMs, waitedMs }): Stretch => {
        const garbageMs: Record<string, number> = {};
        for (const { kind, ...span } of collections) {
          const sharedMs = Math.min(toMs, span.toMs) - Math.max(fromMs, span.fromMs);
          if (sharedMs > 0) garbageMs[kind] = (garbageMs[kind] ?? 0) + sharedMs;
        }
        return { wallMs: toMs - fromMs, cpuMs, waitedMs, garbageMs, work: workIn(fromMs, toMs) };
      });
      return stretches.sort((one, other) => other.cpuMs - one.cpuMs);
    },
  };
}
