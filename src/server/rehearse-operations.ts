import { createServer, type RequestListener, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { connectedStreams } from './connected-streams.ts';
import { GRAPHQL_PATH } from './graphql-endpoint.ts';

export interface RehearsalDeps {
  /** Not the one that is served: what is rehearsed is counted nowhere and held against nobody. */
  readonly endpoint: RequestListener;
  /** No further operation is begun, and the one that is being carried out is cut. */
  readonly signal: AbortSignal;
}

/**
 * Carries out queries as those who ask first would, over a connection inside of this process, and keeps nothing of it. Code that has never run is ten times as slow as later: without this the first
 * operation holds up every socket for tens of milliseconds.
 *
 * @returns the answers, as JSON
 * @throws whatever cuts a connection, the reason of `signal` among it
 */
export async function rehearseOperations(queries: readonly string[], { endpoint, signal }: RehearsalDeps): Promise<readonly string[]> {
  const answers: string[] = [];
  const server = createServer(endpoint);
  for (const query of queries) {
    signal.throwIfAborted();
    const [near, far] = connectedStreams();
    server.emit('connection', far);
    answers.push(await ask(query, () => near, signal));
  }
  return answers;
}

function ask(query: string, createConnection: () => NodeJS.ReadWriteStream, signal: AbortSignal): Promise<string> {
  const headers = { host: 'localhost', 'content-type': 'application/json', accept: 'application/json', connection: 'close' };
  return new Promise((resolve, reject) => {
    const asked = request(
      { method: 'POST', path: GRAPHQL_PATH, headers, signal, createConnection: createConnection as never },
      (response) => {
        text(response).then(resolve, reject);
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ query }));
  });
}
