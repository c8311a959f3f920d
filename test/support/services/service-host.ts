import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceHost {
  /** Where test files ask; secret, because answers hold passwords. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Lets test files, each in a process of its own, ask the main process of the run for what they share: a GET of a name is answered with JSON. Each is made when it is
 * first asked for, so a run of unit tests alone starts nothing.
 */
export async function startServiceHost(services: Readonly<Record<string, () => Promise<unknown>>>): Promise<ServiceHost> {
  const secret = randomBytes(16).toString('hex');
  const answers = new Map<string, Promise<unknown>>();
  const server = createServer((request, response) => {
    const [, given, name = ''] = (request.url ?? '').split('/');
    const make = services[name];
    if (given !== secret || !make) {
      response.writeHead(404).end();
      return;
    }
    let answer = answers.get(name);
    if (!answer) {
      answer = make();
      answers.set(name, answer);
    }
    answer.then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
