import { openSync, readSync } from 'node:fs';

export interface ThreadTime {
  /** Processor time of the thread so far, milliseconds. */
  readonly cpuMs: number;
  /** How long it was ready to run and others had the processor, milliseconds; 0 where the system does not tell. */
  readonly waitedMs: number;
}

/**
 * Reads the times of the main thread. Linux tells them apart from those of the other threads of the process (garbage collection, decoding, compilation); elsewhere all are
 * counted together. Node.js has `process.threadCpuUsage` from 23.9 on.
 */
export function createThreadTime(): () => ThreadTime {
  const file = process.platform === 'linux' ? openSync(`/proc/self/task/${process.pid}/schedstat`, 'r') : null;
  const buffer = Buffer.alloc(100);
  return () => {
    // Linux brings the thread's own count up to date for this call only; by itself it is as old as the last tick of the kernel.
    const { user, system } = process.cpuUsage();
    if (file === null) return { cpuMs: (user + system) / 1e3, waitedMs: 0 };
    const [ran, waited] = buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ');
    return { cpuMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
  };
}
