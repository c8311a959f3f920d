import type { Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { rawRefusal } from './raw-refusal.ts';

/** How long clients may take, and how many there may be. */
export interface ConnectionLimits {
  /** From the beginning of a request, or of a connection that says nothing, to the end of its headers, milliseconds. */
  readonly headersTimeoutMs: number;
  /** From the beginning of a request to the end of its body, milliseconds. */
  readonly requestTimeoutMs: number;
  /** From an answer to the next request on the same connection, milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** Without a byte in either direction, milliseconds. WebSockets have their own (see createKeepAlive). */
  readonly idleTimeoutMs: number;
  /** Open at once, WebSockets and event streams among them. */
  readonly maximumConnections: number;
}

/** Timeouts are looked for this often: so much later than their time they are noticed. */
const CHECK_INTERVAL_MS = 1_000;
const LONGEST_WARNING_INTERVAL_MS = 10_000;

/** What a connection holds before who writes to it waits: a page of results. Node.js 22 and later have this by themselves. */
const BUFFERED_BYTES = 65_536;

export function guardedServerOptions(limits: ConnectionLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, Math.ceil(limits.headersTimeoutMs / 2)),
    // Refused by us, with a request id.
    requireHostHeader: false,
    highWaterMark: BUFFERED_BYTES,
  };
}

export interface GuardDeps {
  readonly server: Server;
  readonly limits: ConnectionLimits;
  readonly registry: Registry;
  readonly log: Logger;
  readonly newId: () => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The responses under way on a connection, in the order of their requests. */
  readonly responsesOn: (socket: Socket) => readonly ServerResponse[];
  /** Whether the request that comes over a connection has its answer already. */
  readonly isAnswered: (socket: Socket) => boolean;
  /** Counts a request that never came to be one. */
  readonly onUnreadable: (status: number) => void;
}

/** Answers what is no request, or not in time, and cuts what stays silent. */
export function guardConnections({ server, limits, registry, log, newId, now, responsesOn, isAnswered, onUnreadable }: GuardDeps): void {
  server.maxConnections = limits.maximumConnections;
  server.timeout = limits.idleTimeoutMs;
  const refused = new Counter({
    name: 'strikewire_http_connections_refused_total',
    help: 'Connections closed at once because as many as may be were open.',
    registers: [registry],
  });
  let open = 0;
  new Gauge({
    name: 'strikewire_http_connections',
    help: 'Open TCP connections of clients, WebSockets included.',
    registers: [registry],
    collect() {
      this.set(open);
    },
  });
  let warnedAt = Number.NEGATIVE_INFINITY;

  server.on('connection', (socket: Socket) => {
    open++;
    socket.once('close', () => open--);
  });
  server.on('drop', () => {
    refused.inc();
    if (now() - warnedAt < LONGEST_WARNING_INTERVAL_MS) return;
    warnedAt = now();
    log.warn({ maximumConnections: limits.maximumConnections }, 'connections are refused: as many as may be are open');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const responses = responsesOn(socket);
    // What has begun to be answered cannot be answered otherwise, a client that has gone not at all; and whoever waits for the next answer must not be given another one.
    if (!socket.writable || isAnswered(socket) || error.code === 'ECONNRESET' || responses.some(({ headersSent }) => headersSent)) {
      socket.destroy();
      return;
    }
    const [response] = responses;
    const refusal = { ...refusalFor(error), requestId: String(response?.getHeader('x-request-id') ?? newId()) };
    if (response) response.statusCode = refusal.status;
    else onUnreadable(refusal.status);
    // The error is not logged as it is: it holds the packet, and so whatever the client showed in it.
    log.debug({ requestId: refusal.requestId, status: refusal.status, reason: refusal.code }, 'a request could not be read');
    socket.end(rawRefusal(refusal), () => socket.destroy());
  });
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { 'content-length': 0, 'x-request-id': newId() }).end();
    onUnreadable(417);
  });
}

function refusalFor(error: NodeJS.ErrnoException): { status: number; code: string; message: string } {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, code: 'REQUEST_TIMEOUT', message: 'expected a whole request in time, got a part of it' };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, code: 'HEADERS_TOO_LARGE', message: 'expected at most 16384 bytes of headers, got more' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'expected a body in chunks without long extensions, got longer ones' };
    default:
      return { status: 400, code: 'BAD_REQUEST', message: 'expected an HTTP request, got something else' };
  }
}
