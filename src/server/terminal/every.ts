/** Calls `run` every `intervalMs` milliseconds until the returned function is called. Does not keep the process alive. */
export function every(intervalMs: number, run: () => void): () => void {
  const timer = setInterval(run, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
