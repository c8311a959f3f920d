import { vi } from 'vitest';

/** Conditions are waited for, not times: on a busy machine what takes milliseconds elsewhere may take seconds. The default is one second. */
const LONGEST_WAIT_MS = 15_000;

const { waitFor, waitUntil } = vi;

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));

function patient<Options extends { timeout?: number }>(options: number | Options | undefined): number | Options {
  return typeof options === 'number' ? options : ({ timeout: LONGEST_WAIT_MS, ...options } as Options);
}
