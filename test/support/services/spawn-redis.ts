import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

export interface RedisProcess {
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills it; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * The server's process tells its id before it becomes the server, so that it is the first line whoever is quicker. The shell then waits for the end of its input, which comes when this process
 * ends, however it does: no Redis outlives a killed test run.
 */
const SERVER = 'echo "$$"; exec "$@"';
const KEEPER = `sh -c '${SERVER}' sh "$@" </dev/null & server=$!; read -r _; kill -KILL "$server"`;

/** Starts a Redis that keeps nothing on disk and answers on a port of this machine. */
export async function spawnRedis(program: string, port: number): Promise<RedisProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', program, ...settings], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(keeper, 'close');
  const lines = createInterface({ input: keeper.stdout });
  const log: string[] = [];
  const pid = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      log.push(line);
      if (line.includes('Ready to accept connections')) resolve(Number(log[0]));
      // The keeper goes on waiting when its server is gone.
      if (/Failed listening|FATAL CONFIG/.test(line)) keeper.stdin.end();
    });
    keeper.once('close', () => reject(new Error(`expected ${program} to accept connections on port ${port}, got:\n${log.join('\n')}`)));
  });
  return {
    signal: (name) => process.kill(pid, name),
    async stop() {
      keeper.stdin.end();
      await closed;
    },
  };
}
