/** When each symbol may be fetched next: never sooner than the minimum interval, later after failures. Pure but for its own memory; times are passed in. */
export interface SymbolSchedule {
  /** Epoch milliseconds from which the symbol may be fetched; 0 when it never was. */
  dueAtMs(symbol: string): number;
  /** From when a caller's own request may fetch it: requests keep to the minimum interval and to what the source asked for, but do not wait out our back-off. */
  requestableAtMs(symbol: string): number;
  /** Failures since the last success. */
  failures(symbol: string): number;
  started(symbol: string, nowMs: number): void;
  succeeded(symbol: string): void;
  /** Exponential back-off with jitter; at least what the source asked for. Answers with the wait in milliseconds. */
  failed(symbol: string, nowMs: number, retryAfterMs: number | undefined): number;
}

export interface SymbolScheduleOptions {
  readonly minimumIntervalMs: number;
  readonly longestBackoffMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface SymbolState {
  dueAtMs: number;
  requestableAtMs: number;
  failures: number;
}

/** Wait after the first failure, when the minimum interval is shorter than this. */
const FIRST_BACKOFF_MS = 1_000;

export function createSymbolSchedule({ minimumIntervalMs, longestBackoffMs, random }: SymbolScheduleOptions): SymbolSchedule {
  const states = new Map<string, SymbolState>();
  const stateOf = (symbol: string): SymbolState => {
    let state = states.get(symbol);
    if (!state) {
      state = { dueAtMs: 0, requestableAtMs: 0, failures: 0 };
      states.set(symbol, state);
    }
    return state;
  };

  return {
    dueAtMs: (symbol) => states.get(symbol)?.dueAtMs ?? 0,
    requestableAtMs: (symbol) => states.get(symbol)?.requestableAtMs ?? 0,
    failures: (symbol) => states.get(symbol)?.failures ?? 0,
    started(symbol, nowMs) {
      const state = stateOf(symbol);
      state.dueAtMs = nowMs + minimumIntervalMs;
      state.requestableAtMs = state.dueAtMs;
    },
    succeeded(symbol) {
      stateOf(symbol).failures = 0;
    },
    failed(symbol, nowMs, retryAfterMs) {
      const state = stateOf(symbol);
      const exponential = Math.min(longestBackoffMs, Math.max(FIRST_BACKOFF_MS, minimumIntervalMs) * 2 ** Math.min(state.failures, 30));
      state.failures++;
      // Half fixed, half random: symbols that failed together do not come back together.
      const waitMs = Math.max(exponential * (0.5 + random() / 2), retryAfterMs ?? 0);
      state.dueAtMs = nowMs + waitMs;
      state.requestableAtMs = Math.max(state.requestableAtMs, nowMs + (retryAfterMs ?? 0));
      return waitMs;
    },
  };
}
