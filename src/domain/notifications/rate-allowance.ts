/** How many messages a channel may send now: a bucket that holds what a minute allows, up to a burst of a tenth of it. */
export interface RateAllowance {
  readonly tokens: number;
  /** Epoch milliseconds at which the tokens were counted. */
  readonly countedAtMs: number;
}

/** What additions of fractions may come to too little. */
const ROUNDING = 1e-9;

function burstOf(perMinute: number): number {
  return Math.max(1, Math.floor(perMinute / 10));
}

export function fullAllowance(perMinute: number, nowMs: number): RateAllowance {
  return { tokens: burstOf(perMinute), countedAtMs: nowMs };
}

function refilled({ tokens, countedAtMs }: RateAllowance, perMinute: number, nowMs: number): RateAllowance {
  // A clock that was set back refills nothing, and holds nothing up.
  const elapsedMs = Math.max(0, nowMs - countedAtMs);
  return { tokens: Math.min(burstOf(perMinute), tokens + (elapsedMs * perMinute) / 60_000), countedAtMs: nowMs };
}

/** Takes one message's worth; when there is none, `waitMs` tells for how long. */
export function takeAllowance(
  allowance: RateAllowance,
  perMinute: number,
  nowMs: number,
): { readonly allowance: RateAllowance; readonly waitMs: number } {
  const now = refilled(allowance, perMinute, nowMs);
  if (now.tokens >= 1 - ROUNDING) return { allowance: { ...now, tokens: Math.max(0, now.tokens - 1) }, waitMs: 0 };
  return { allowance: now, waitMs: Math.ceil(((1 - now.tokens) * 60_000) / perMinute) };
}
