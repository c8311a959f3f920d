import type { Worker } from 'node:worker_threads';
import { startThread } from '../../threads/start-thread.ts';

/** Starts the decode thread from beside this file. */
export function startDecodeThread(memoryLimitMb: number): Worker {
  return startThread(import.meta.url, 'decode-thread', { name: 'decode', resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb } });
}
