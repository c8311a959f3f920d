import { WebSocket } from 'ws';
import { type Child, startChild } from '../live/child.ts';
import type { Listening, Watched } from './serve-watched.ts';

/** A server whose event loop is watched, in a process of its own. */
export interface WatchedServer {
  readonly examples: Listening['examples'];
  /** What was seen while this was done. */
  watch(work: () => Promise<void>): Promise<Watched>;
  /** @throws when the answer has errors */
  ask(query: string): Promise<void>;
  /** Reads all of it. */
  get(path: string): Promise<string>;
  /** Resolves with the first item of each. */
  subscribe(operations: readonly string[]): Promise<void>;
  kill(): void;
}

export async function startWatchedServer(env: Readonly<Record<string, string>>): Promise<WatchedServer> {
  const server: Child = startChild('../event-loop/serve-watched.ts', { env });
  const { port, examples } = await server.next<Listening>('listening');
  const origin = `http://127.0.0.1:${port}`;
  return {
    examples,
    async watch(work) {
      await server.ask({ kind: 'begin' }, 'begun');
      await work();
      return server.ask<Watched>({ kind: 'end' }, 'watched');
    },
    async ask(query) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query }),
      });
      const text = await response.text();
      if (text.includes('"errors":')) throw new Error(`expected an answer to ${query}, got ${text.slice(0, 1_000)}`);
    },
    get: async (path) => (await fetch(origin + path)).text(),
    subscribe: (operations) => subscribe(`${origin.replace('http', 'ws')}/graphql`, operations),
    kill: server.kill,
  };
}

function subscribe(url: string, operations: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const waiting = new Set(operations.keys());
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.on('message', (bytes: Buffer) => {
      // Later items are only read: their text may be long.
      if (waiting.size === 0) return;
      const { type, id } = JSON.parse(bytes.toString()) as { type: string; id?: string };
      if (type === 'connection_ack') {
        for (const [index, query] of operations.entries())
          socket.send(JSON.stringify({ id: String(index), type: 'subscribe', payload: { query } }));
      } else if (type === 'error') {
        reject(new Error(`expected a subscription, got ${bytes.toString().slice(0, 1_000)}`));
      } else if (type === 'next') {
        waiting.delete(Number(id));
        if (waiting.size === 0) resolve();
      }
    });
  });
}
