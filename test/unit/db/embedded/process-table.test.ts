import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createProcessTable } from '../../../../src/db/embedded/process-table.ts';

const processes = createProcessTable(process.platform);

describe('the process table', () => {
  it('knows a living process, always by the same mark', async () => {
    expect(await processes.commandLine(process.pid)).toContain('node');
    const mark = await processes.startMark(process.pid);
    expect(mark).not.toBeNull();
    expect(await processes.startMark(process.pid)).toBe(mark);
  });

  it('knows no process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(await processes.commandLine(child.pid!)).toBeNull();
    expect(await processes.startMark(child.pid!)).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')('takes a zombie for ended', async () => {
    // The shell becomes a program that never asks how its child ended.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec cat']);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const state = async () => [await processes.commandLine(pid), await processes.startMark(pid)];
    while ((await state()).some((value) => value !== null)) await new Promise((resolve) => setImmediate(resolve));
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.stdin.end();
    await once(parent, 'close');
  });
});
