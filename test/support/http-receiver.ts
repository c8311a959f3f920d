import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What answers webhooks in tests. */
export interface HttpReceiver {
  readonly origin: string;
  readonly received: Received[];
  /** Decides the answer to a request, given how many there were on its path before; 'never': none is given. Default: 204. */
  answerWith(decide: (request: Received, before: number) => Answer | 'never' | Promise<Answer | 'never'>): void;
  close(): Promise<void>;
}

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  let decide: (request: Received, before: number) => Answer | 'never' | Promise<Answer | 'never'> = () => ({ status: 204 });
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const arrived = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString(), atMs: Date.now() };
      const before = received.filter(({ path }) => path === arrived.path).length;
      received.push(arrived);
      const answer = await decide(arrived, before);
      if (answer !== 'never') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerWith: (next) => {
      decide = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
