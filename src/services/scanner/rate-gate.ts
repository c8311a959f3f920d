import { delay } from './delay.ts';

/** Spaces calls evenly: at most `perSecond` starts a second, over all callers. */
export interface RateGate {
  /** Resolves when the caller may start. @throws the signal's reason. */
  pass(signal: AbortSignal): Promise<void>;
}

export interface RateGateDeps {
  /** Infinity: no limit. */
  readonly perSecond: number;
  readonly clock: () => number;
}

export function createRateGate({ perSecond, clock }: RateGateDeps): RateGate {
  const intervalMs = Number.isFinite(perSecond) ? 1_000 / perSecond : 0;
  let nextAtMs = 0;
  return {
    async pass(signal) {
      signal.throwIfAborted();
      if (intervalMs === 0) return;
      const nowMs = clock();
      const startMs = Math.max(nowMs, nextAtMs);
      nextAtMs = startMs + intervalMs;
      if (startMs > nowMs) await delay(startMs - nowMs, signal);
    },
  };
}
