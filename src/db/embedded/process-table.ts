import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessTable {
  /** The program and its arguments, one per line, on macOS one word per line; null when there is no such process (a zombie is none). */
  commandLine(pid: number): Promise<string | null>;
  /** Null when there is no such process, or when the system does not tell. */
  workingDirectory(pid: number): Promise<string | null>;
  /** Tells a process from a later one with the same id; null when there is no such process. Only to be compared. */
  startMark(pid: number): Promise<string | null>;
}

export function createProcessTable(platform: NodeJS.Platform): ProcessTable {
  const untold = async () => null;
  if (platform === 'linux') return { commandLine: linuxCommandLine, workingDirectory: linuxWorkingDirectory, startMark: linuxStartMark };
  if (platform === 'win32') return { commandLine: windowsImage, workingDirectory: untold, startMark: windowsImage };
  return {
    workingDirectory: untold,
    commandLine: async (pid) => (await output('ps', ['-ww', '-o', 'command=', '-p', String(pid)]))?.replaceAll(' ', '\n') ?? null,
    startMark: (pid) => output('ps', ['-o', 'lstart=', '-p', String(pid)]),
  };
}

async function linuxCommandLine(pid: number): Promise<string | null> {
  const text = await readIfThere(`/proc/${pid}/cmdline`);
  return text ? text.replaceAll('\0', '\n') : null;
}

async function linuxWorkingDirectory(pid: number): Promise<string | null> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch {
    // Gone, or of another user.
    return null;
  }
}

/** Field 22 of proc(5) stat, clock ticks from boot to the start of the process; the fields are counted behind the name, which may hold anything. */
async function linuxStartMark(pid: number): Promise<string | null> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return null;
  return fields[19] ?? null;
}

/** Windows tells the name of the program only. */
async function windowsImage(pid: number): Promise<string | null> {
  const row = await output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
  return row?.startsWith('"') ? row.slice(1, row.indexOf('"', 1)) : null;
}

async function output(program: string, parameters: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run(program, [...parameters]);
    return stdout.trim() || null;
  } catch {
    // ps exits with 1 when there is no such process.
    return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
