import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface HostileServer {
  readonly origin: string;
  readonly webSocketUrl: string;
  readonly port: number;
  /** After a garbage collection, bytes. */
  memory(): Promise<{ readonly heapUsed: number; readonly resident: number }>;
  /** Greatest resident memory since the start, bytes. */
  peakResident(): Promise<number>;
  /** What the process logged as an error, or said elsewhere; and that it ended, when it did. */
  complaints(): readonly string[];
  /** False: it has ended by itself. */
  isRunning(): boolean;
  /** Ends it as a user does; its exit code. */
  stop(): Promise<number | null>;
}

/** Answers a signal with the memory in use after a garbage collection. */
const MEMORY_REPORTER = `data:text/javascript,process.on('SIGUSR2',()=>{gc();gc();process.stdout.write(JSON.stringify({chaosMemory:process.memoryUsage()})+'\\n')})`;
const START_MS = 60_000;
const STOP_MS = 30_000;

/** @param command program and arguments; Node.js options are put behind the program */
export async function startHostileServer(command: readonly string[], env: Readonly<Record<string, string>>): Promise<HostileServer> {
  const [program, ...programArguments] = command;
  const child = spawn(program!, ['--expose-gc', '--import', MEMORY_REPORTER, ...programArguments], {
    env: { ...process.env, PORT: '0', LOG_FORMAT: 'json', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const dieWithParent = () => child.kill('SIGKILL');
  process.once('exit', dieWithParent);
  const complaints: string[] = [];
  const waiting: ((memory: NodeJS.MemoryUsage) => void)[] = [];
  let isStopping = false;
  void exited.then(([code]) => {
    if (!isStopping) complaints.push(`the server ended with ${code}`);
  });
  const origin = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`expected a server within ${START_MS} ms: ${complaints.join('\n')}`)), START_MS);
    createInterface({ input: child.stderr }).on('line', (line) => complaints.push(`stderr: ${line}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = parsed(line);
      if (told?.chaosMemory) waiting.shift()?.(told.chaosMemory);
      else if (!told || told.level === 'error' || told.level === 'fatal') complaints.push(line);
      else if (typeof told.url === 'string') {
        clearTimeout(timer);
        resolve(new URL(told.url).origin);
      }
    });
    exited.then(() => reject(new Error(`expected a server, it ended: ${complaints.join('\n')}`)), reject);
  });
  return {
    origin,
    webSocketUrl: `${origin.replace('http', 'ws')}/graphql`,
    port: Number(new URL(origin).port),
    async memory() {
      const told = new Promise<NodeJS.MemoryUsage>((resolve) => waiting.push(resolve));
      child.kill('SIGUSR2');
      const { heapUsed, rss } = await told;
      return { heapUsed, resident: rss };
    },
    async peakResident() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
    },
    complaints: () => complaints,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      isStopping = true;
      process.off('exit', dieWithParent);
      child.kill('SIGTERM');
      const timer = setTimeout(dieWithParent, STOP_MS);
      const [code] = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}

function parsed(line: string): { level?: string; url?: unknown; chaosMemory?: NodeJS.MemoryUsage } | null {
  try {
    return JSON.parse(line) as { level?: string };
  } catch {
    return null;
  }
}
