import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
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
    // The shell becomes a program that never asks how the child ended.
    const parent = spawn('sh', ['-c', '(read -r _ <&3) & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    const lines = createInterface({ input: parent.stdout! });
    const [pid] = (await once(lines, 'line')) as [string];
    parent.stdin!.write('are you cat?\n');
    await once(lines, 'line');
    expect(await processes.startMark(Number(pid))).not.toBeNull();
    (parent.stdio[3] as Writable).end();
    await vi.waitFor(async () => expect(await processes.startMark(Number(pid))).toBeNull());
    expect(await processes.commandLine(Number(pid))).toBeNull();
    parent.stdin!.end();
    await once(parent, 'close');
  });
});
