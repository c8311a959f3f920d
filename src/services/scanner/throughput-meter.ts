const WINDOW_MS = 10_000;

/** Amount per second over the last ten seconds (over the time since the first amount, while that is shorter). */
export interface ThroughputMeter {
  add(amount: number, nowMs: number): void;
  perSecond(nowMs: number): number;
}

export function createThroughputMeter(): ThroughputMeter {
  const entries: { atMs: number; amount: number }[] = [];
  let firstAtMs: number | null = null;
  let total = 0;

  function forget(nowMs: number): void {
    while (entries.length > 0 && entries[0]!.atMs <= nowMs - WINDOW_MS) total -= entries.shift()!.amount;
  }

  return {
    add(amount, nowMs) {
      firstAtMs ??= nowMs;
      entries.push({ atMs: nowMs, amount });
      total += amount;
      forget(nowMs);
    },
    perSecond(nowMs) {
      forget(nowMs);
      if (firstAtMs === null) return 0;
      return (total * 1_000) / Math.min(WINDOW_MS, Math.max(1_000, nowMs - firstAtMs));
    },
  };
}
