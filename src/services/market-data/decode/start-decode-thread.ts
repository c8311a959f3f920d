import { Worker } from 'node:worker_threads';

/** Starts the decode thread from beside this file: compiled, or from its source by way of tsx (development, tests). */
export function startDecodeThread(memoryLimitMb: number): Worker {
  const options = { name: 'decode', resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb } };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./decode-thread.js', import.meta.url), options);
  // `--import tsx` has no effect in a thread on Node 20, so that the thread registers tsx itself.
  const tsx = import.meta.resolve('tsx/esm/api');
  const program = new URL('./decode-thread.ts', import.meta.url).href;
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(program)})));`;
  return new Worker(code, { ...options, eval: true, execArgv: [] });
}
