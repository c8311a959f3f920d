import { inject } from 'vitest';
import '../end-with-the-run.ts';
import './provided-context.ts';

/** Asks the main process of the test run. @throws with the reason when it cannot provide the service. */
export async function askService<T>(name: string): Promise<T> {
  const response = await fetch(`${inject('serviceHost')}/${name}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`expected the test run to provide ${name}, got: ${body || response.status}`);
  return JSON.parse(body) as T;
}
