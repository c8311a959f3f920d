import type { TestApp } from './start-test-app.ts';

/** The sum of a metric's values over all of its labels, as /metrics shows it. */
export async function metricValue(app: TestApp, name: string): Promise<number> {
  const text = await (await fetch(`${app.origin}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  if (lines.length === 0) throw new Error(`expected a metric ${name}, got none`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
