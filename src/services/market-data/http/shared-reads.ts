import { abortable } from '../decode/abortable.ts';

export interface SharedReadsOptions<T> {
  /** Reads what belongs to the key. Its signal is aborted when nobody waits for the answer any more. */
  readonly load: (key: string, signal: AbortSignal) => Promise<T>;
  /** How long an answer serves, counted from when it was asked for. */
  readonly maximumAgeMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Answers that several callers need: asked for once for all who want it at the same time, and kept for a while. Failures are not kept. */
export interface SharedReads<T> {
  /** Rejects with what `load` rejects with, or with the reason of the caller's signal, which leaves the others waiting. */
  read(key: string, signal: AbortSignal): Promise<T>;
}

interface Reading<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  readonly askedAtMs: number;
  waiting: number;
  isAnswered: boolean;
}

export function createSharedReads<T>({ load, maximumAgeMs, clock }: SharedReadsOptions<T>): SharedReads<T> {
  const readings = new Map<string, Reading<T>>();

  function isUsable({ isAnswered, askedAtMs }: Reading<T>): boolean {
    const ageMs = clock() - askedAtMs;
    // A clock that was set back makes answers look new for as long as it takes to catch up.
    return !isAnswered || (ageMs >= 0 && ageMs < maximumAgeMs);
  }

  function begin(key: string): Reading<T> {
    const controller = new AbortController();
    const askedAtMs = clock();
    const reading: Reading<T> = { answer: load(key, controller.signal), controller, askedAtMs, waiting: 0, isAnswered: false };
    readings.set(key, reading);
    reading.answer.then(
      () => {
        reading.isAnswered = true;
      },
      () => forget(key, reading),
    );
    return reading;
  }

  function forget(key: string, reading: Reading<T>): void {
    if (readings.get(key) === reading) readings.delete(key);
  }

  return {
    async read(key, signal) {
      signal.throwIfAborted();
      const known = readings.get(key);
      const reading = known && isUsable(known) ? known : begin(key);
      reading.waiting++;
      try {
        return await abortable(reading.answer, signal);
      } finally {
        reading.waiting--;
        if (reading.waiting === 0 && !reading.isAnswered) {
          forget(key, reading);
          reading.controller.abort(signal.reason);
        }
      }
    },
  };
}
