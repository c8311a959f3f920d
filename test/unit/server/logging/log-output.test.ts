import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createLogOutput } from '../../../../src/server/logging/log-output.ts';

it('drops lines once the stream is broken, and no error escapes', async () => {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done(written.length === 2 ? Object.assign(new Error('nobody reads'), { code: 'EPIPE' }) : null);
    },
  });
  const output = createLogOutput(stream);
  output.write('one\n');
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  output.write('two\n');
  await closed;
  output.write('three\n');
  expect(written).toEqual(['one\n', 'two\n']);
});

it.skipIf(process.platform === 'win32')('keeps a real process alive whose reader has gone', () => {
  const source = fileURLToPath(new URL('../../../../src/server/logging/log-output.ts', import.meta.url));
  const script = `
    const { createLogOutput } = await import(${JSON.stringify(source)});
    const output = createLogOutput(process.stdout);
    for (let turn = 0; turn < 50; turn += 1) {
      output.write('x'.repeat(10_000) + '\\n');
      await new Promise((done) => setImmediate(done));
    }
    process.stderr.write('survived');
  `;
  const run = spawnSync(
    '/bin/sh',
    ['-c', '"$0" --import tsx --input-type=module -e "$1" | head -c 1 >/dev/null', process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  expect(run.stderr).toContain('survived');
});
