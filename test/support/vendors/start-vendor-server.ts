import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type VendorHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

export interface VendorServer {
  readonly url: string;
  readonly server: Server;
  /** Path and query of what was asked, in order. */
  readonly requests: readonly string[];
  readonly headers: readonly IncomingMessage['headers'][];
  /** Replaces how requests are answered. */
  handle(handler: VendorHandler): void;
  close(): Promise<void>;
}

/** An HTTP server on a free local port that answers as it is told. */
export async function startVendorServer(initial: VendorHandler = (_request, response) => answerJson(response, {})): Promise<VendorServer> {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let handler = initial;
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    headers.push(request.headers);
    handler(request, response, new URL(request.url ?? '/', 'http://vendor'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    requests,
    headers,
    handle(next) {
      handler = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answerJson(response: ServerResponse, document: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(document));
}

/** Promises more than it sends, and hangs up. */
export function answerHalf(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"result":[', () => response.socket?.destroy());
}
