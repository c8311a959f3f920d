import { vi } from 'vitest';

/**
 * Conditions are waited for, not times: on a busy machine what takes milliseconds elsewhere may take many seconds. The default is one second.
 * Nobody waits this long for what comes: it only ends a test that hangs. Less than a minute, the longest time between two looks at a stream: what only a look
 * brings does not pass for what was announced.
 */
const LONGEST_WAIT_MS = 50_000;

const { waitFor, waitUntil } = vi;

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));

function patient<Options extends { timeout?: number }>(options: number | Options | undefined): number | Options {
  return typeof options === 'number' ? options : ({ timeout: LONGEST_WAIT_MS, ...options } as Options);
}
