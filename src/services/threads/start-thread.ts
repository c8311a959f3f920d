import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a program as a thread: compiled, or from its source by way of tsx (development, tests).
 *
 * @param beside URL of a module in the same folder, which is compiled when the program is
 * @param program name of its file without the end
 */
export function startThread(beside: string, program: string, options: WorkerOptions): Worker {
  if (!beside.endsWith('.ts')) return new Worker(new URL(`./${program}.js`, beside), options);
  // `--import tsx` has no effect in a thread on Node 20, so that the thread registers tsx itself.
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = new URL(`./${program}.ts`, beside).href;
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(source)})));`;
  return new Worker(code, { ...options, eval: true, execArgv: [] });
}
