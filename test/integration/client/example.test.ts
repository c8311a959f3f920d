import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp } from '../../support/start-test-app.ts';
import { createTestDatabase } from '../../support/test-database.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/live-opportunities.ts', import.meta.url));

it('the example prints opportunities, and ends when it is told to', async () => {
  const database = await createTestDatabase();
  const app = await startTestApp({ databaseUrl: database.url });
  const program = spawn(process.execPath, ['--import', 'tsx', EXAMPLE, app.webSocketUrl], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  program.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  program.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(program, 'exit');
  try {
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    expect(await scanAndWait(app, ['AAA'])).toBeGreaterThan(0);
    await vi.waitFor(() => expect(output).toMatch(/^\d\d:\d\d:\d\d {2}ENTERED {2}AAA {7}[A-Z_]+ +\d{4}-\d\d-\d\d +\d+\.\d {2}[+-]\d/m));
    expect(output).toMatch(/^TIME {6}EVENT/);
    expect(errors).toBe(`connected to ${app.webSocketUrl}\n`);
    program.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  } finally {
    program.kill('SIGKILL');
    await app.stop();
    await database.drop();
  }
});
