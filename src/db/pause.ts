import { setTimeout as delay } from 'node:timers/promises';

/** @throws the signal's reason when it fires meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
