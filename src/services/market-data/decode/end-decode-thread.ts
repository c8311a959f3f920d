import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { CLOSE_THREAD } from './decode-protocol.ts';

/** A thread that is still reading then is ended by force; the largest recordings take about half a second. */
const END_TIMEOUT_MS = 3_000;

/**
 * Lets the thread end by itself. `terminate` right after hard work aborts the whole process on Node 20, when V8 is still optimising code
 * of the thread in the background ("Assertion failed: (data.first) != nullptr"): a thread that runs out of work waits for that, one that
 * is terminated does not.
 */
export async function endDecodeThread(thread: Worker): Promise<void> {
  const timeout = new AbortController();
  const exited = once(thread, 'exit', { signal: timeout.signal });
  const timer = setTimeout(() => timeout.abort(), END_TIMEOUT_MS);
  thread.ref();
  thread.postMessage(CLOSE_THREAD);
  try {
    await exited;
  } catch {
    await thread.terminate();
  } finally {
    clearTimeout(timer);
  }
}
