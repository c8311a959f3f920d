import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Postmaster } from '../../../../src/db/embedded/postmaster.ts';
import { superviseServer, type UnexpectedExit } from '../../../../src/db/embedded/supervise-server.ts';
import { type APostmaster, aPostmaster } from '../../../support/embedded/a-postmaster.ts';

interface Setup {
  readonly launch?: (onSpawned: (postmaster: Postmaster) => void) => Promise<Postmaster>;
  readonly backoff?: { firstMs: number; longestMs: number; healthyAfterMs: number };
}

function supervise({ launch, backoff = { firstMs: 0, longestMs: 0, healthyAfterMs: 60_000 } }: Setup = {}) {
  const servers: APostmaster[] = [aPostmaster()];
  const exits: UnexpectedExit[] = [];
  let nowMs = 0;
  const supervision = superviseServer({
    first: servers[0]!,
    launch:
      launch ??
      (async (onSpawned) => {
        const server = aPostmaster();
        servers.push(server);
        onSpawned(server);
        return server;
      }),
    log: pino({ level: 'silent' }),
    now: () => nowMs,
    backoff,
  });
  supervision.onExit((exit) => exits.push(exit));
  /** Ends the server that runs and waits for the next. */
  const crash = async () => {
    const restarted = new Promise<void>((resolve) => {
      const remove = supervision.onRestart(() => {
        remove();
        resolve();
      });
    });
    servers.at(-1)!.end({ signal: 'SIGKILL' });
    await restarted;
  };
  return { supervision, servers, exits, crash, pass: (milliseconds: number) => (nowMs += milliseconds) };
}

describe('the supervision of a server', () => {
  it('counts restarts that follow each other, and begins anew after a server that ran well', async () => {
    const { supervision, exits, crash, pass } = supervise();
    await crash();
    await crash();
    pass(59_999);
    await crash();
    pass(60_000);
    await crash();
    await supervision.stop(100);
    expect(exits.map(({ attempt, signal }) => [attempt, signal])).toEqual([1, 2, 3, 1].map((attempt) => [attempt, 'SIGKILL']));
  });

  it('tries again when a start fails', async () => {
    let attempts = 0;
    const { supervision, crash } = supervise({
      launch: async (onSpawned) => {
        if (++attempts < 3) throw new Error('on purpose');
        const server = aPostmaster();
        onSpawned(server);
        return server;
      },
    });
    await crash();
    expect(attempts).toBe(3);
    await supervision.stop(100);
  });

  it('reports nothing and starts nothing when it is stopped', async () => {
    const { supervision, servers, exits } = supervise();
    const stopping = supervision.stop(100);
    expect(supervision.stop(100)).toBe(stopping);
    await stopping;
    expect(servers).toHaveLength(1);
    expect(servers[0]!.stops).toContain(100);
    expect(exits).toEqual([]);
  });

  it('does not wait for the end of a pause to stop', async () => {
    const { supervision, servers } = supervise({ backoff: { firstMs: 1e9, longestMs: 1e9, healthyAfterMs: 1 } });
    const exited = new Promise((resolve) => supervision.onExit(resolve));
    servers[0]!.end({ exitCode: 2 });
    await exited;
    await supervision.stop(100);
    expect(servers).toHaveLength(1);
  });

  it('stops the server that a restart in the midst of it brings up', async () => {
    let bringUp: () => void = () => {};
    const late = aPostmaster();
    let launching: () => void = () => {};
    const isLaunching = new Promise<void>((resolve) => {
      launching = resolve;
    });
    const { supervision, servers } = supervise({
      launch: async (onSpawned) => {
        launching();
        await new Promise<void>((resolve) => {
          bringUp = resolve;
        });
        onSpawned(late);
        return late;
      },
    });
    servers[0]!.end({ exitCode: 1 });
    await isLaunching;
    const stopping = supervision.stop(100);
    bringUp();
    await stopping;
    expect(late.stops).not.toEqual([]);
  });

  it('tells nothing to a listener that was removed', async () => {
    const { supervision, crash } = supervise();
    let told = 0;
    const remove = supervision.onExit(() => told++);
    await crash();
    remove();
    await crash();
    await supervision.stop(100);
    expect(told).toBe(1);
  });
});
