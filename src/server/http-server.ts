import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import compression from 'compression';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { FILTER_DOCUMENT_SCHEMA_PATH, filterDocumentSchema } from '../domain/filters/filter-document-schema.ts';
import type { ForwardedClient } from './forwarded-client.ts';
import { createGraphiqlPage } from './graphiql-page.ts';
import { GRAPHQL_PATH, type GraphQLEndpoint } from './graphql-endpoint.ts';
import { type ConnectionLimits, guardConnections, guardedServerOptions } from './guard-connections.ts';
import { type ReadinessCheck, readReadiness } from './health.ts';
import { redactCredentials } from './logging/redact-credentials.ts';
import { createOpenResponses } from './open-responses.ts';
import { rememberedAnswers } from './remembered-answers.ts';
import { rememberedCheck } from './remembered-check.ts';
import { requestContext, requestIdFrom } from './request-context.ts';
import { createRequestIds } from './request-ids.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { hasLostUpgrade, refuseLostUpgrade } from './websocket/refuse-lost-upgrade.ts';

/** Smaller answers cost more to compress than to send. */
const COMPRESSION_THRESHOLD_BYTES = 2_048;

/** Whoever asks for readiness gives up after a second or a few. */
const READINESS_ANSWER_MS = 500;

export interface HttpServerDeps {
  readonly endpoint: GraphQLEndpoint;
  /** By path; they answer OPTIONS too. */
  readonly exports: ReadonlyMap<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>;
  readonly registry: Registry;
  /** May take their time and reject; see rememberedCheck. */
  readonly readiness: readonly ReadinessCheck[];
  readonly log: Logger;
  readonly newId: () => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly graphiql: boolean;
  /** What is scanned, as everybody may know it: the examples of GraphiQL ask of that. */
  readonly watchlist: () => readonly string[];
  /** Whether a request that names this host in its header is meant for this server. */
  readonly isHostAllowed: (host: string | undefined) => boolean;
  /** Who asks, behind trusted proxies. */
  readonly forwardedClient: (request: IncomingMessage) => ForwardedClient;
  readonly connectionLimits: ConnectionLimits;
}

export interface HttpServer {
  readonly server: Server;
  /** Resolves with the address once it listens; rejects with the system's error, e.g. when the port is taken. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** From now on `/ready` says no. */
  markStopping(): void;
  /** Lets the running requests finish, meanwhile still answering others so that `/ready` can say no; then stops accepting. What runs when the time is up is cut. */
  stop(timeoutMs: number): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** For those who look whether the server is well, by whatever name they have for it. */
const OPEN_PATHS = new Set(['/health', '/healthz', '/ready']);

export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { endpoint, registry, log, now, forwardedClient, connectionLimits } = deps;
  const newId = createRequestIds(deps.newId);
  const isHost = rememberedAnswers(isHostName);
  const isHostAllowed = rememberedAnswers(deps.isHostAllowed);
  const readiness = deps.readiness.map((part) => ({ ...part, check: rememberedCheck(part.check, READINESS_ANSWER_MS) }));
  const graphiqlPage = deps.graphiql ? createGraphiqlPage(deps.watchlist) : null;
  const compress = compression({
    threshold: COMPRESSION_THRESHOLD_BYTES,
    // Events must leave at once; the page of GraphiQL is compressed already.
    filter: (_request, response) =>
      /^application\/((graphql-response\+)?json|x-ndjson)|^text\/(plain|csv)/.test(String(response.getHeader('content-type'))) &&
      !response.hasHeader('content-encoding'),
  });
  const requests = new Counter({
    name: 'strikewire_http_requests_total',
    help: 'HTTP requests answered, by route and status.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const running = createOpenResponses();
  /** The newest request of a connection. */
  const newest = new WeakMap<Socket, IncomingMessage>();
  new Gauge({
    name: 'strikewire_http_requests_running',
    help: 'HTTP requests being answered, the one that reads this included; server-sent events count as long as they last.',
    registers: [registry],
    collect() {
      this.set(running.count());
    },
  });
  let stopping = false;

  const ready: Handler = async (_request, response) => {
    const state = await readReadiness(readiness, stopping);
    sendJson(response, state.ready ? 200 : 503, state);
  };
  const health: Handler = (_request, response) => sendJson(response, 200, { status: 'ok' });
  const metrics: Handler = async (_request, response) => {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  };
  const graphql: Handler = (request, response) => {
    if (hasLostUpgrade(request)) {
      refuseLostUpgrade(response);
      return;
    }
    if (graphiqlPage && isBrowserVisit(request)) {
      response.writeHead(303, { location: '/graphiql' }).end();
      return;
    }
    return endpoint(request, response) as unknown as Promise<void>;
  };

  const routes = new Map<string, Handler>([
    [GRAPHQL_PATH, graphql],
    ['/health', health],
    ['/healthz', health],
    ['/ready', ready],
    ['/metrics', metrics],
    ...deps.exports,
    [FILTER_DOCUMENT_SCHEMA_PATH, (_request, response) => sendJson(response, 200, filterDocumentSchema())],
  ]);
  if (graphiqlPage) {
    routes.set('/graphiql', graphiqlPage);
    routes.set('/', (_request, response) => {
      response.writeHead(303, { location: '/graphiql' }).end();
    });
  }

  function handle(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const path = pathOf(request);
    const { host } = request.headers;
    // HTTP/1.0 did without.
    if (host === undefined ? request.httpVersion === '1.1' : !isHost(host)) {
      sendJson(response, 400, { error: 'expected the name or the address of a host in the header Host' });
      return;
    }
    if (!OPEN_PATHS.has(path) && !(host === undefined ? deps.isHostAllowed(host) : isHostAllowed(host))) {
      sendJson(response, 421, {
        error: 'expected a request to localhost, because no authentication is configured, got one to another host',
      });
      return;
    }
    const handler = routes.get(path);
    if (!handler) {
      sendJson(response, 404, { error: `expected one of ${[...routes.keys()].join(', ')}, got ${redactCredentials(path).slice(0, 200)}` });
      return;
    }
    const isPreflight = request.method === 'OPTIONS' && deps.exports.has(path);
    if (path !== GRAPHQL_PATH && request.method !== 'GET' && request.method !== 'HEAD' && !isPreflight) {
      response.setHeader('allow', 'GET, HEAD');
      sendJson(response, 405, { error: `expected GET or HEAD, got ${request.method}` });
      return;
    }
    return handler(request, response);
  }

  const server = createServer(guardedServerOptions(connectionLimits), (request, response) => {
    const requestId = requestIdFrom(request.headers['x-request-id'], newId);
    const client = forwardedClient(request);
    response.setHeader('x-request-id', requestId);
    setSecurityHeaders(response, client.isSecure);
    if (stopping) response.setHeader('connection', 'close');
    running.add(response);
    newest.set(request.socket, request);
    const startedAt = now();
    response.once('close', () => {
      requests.inc({ route: routes.has(pathOf(request)) ? pathOf(request) : 'other', status: response.statusCode });
      log.debug(
        {
          requestId,
          method: request.method,
          path: pathOf(request).slice(0, 200),
          status: response.statusCode,
          client: client.address,
          ms: now() - startedAt,
        },
        'request',
      );
    });
    const answer = () =>
      requestContext.run({ requestId, overHttp: true, clientAddress: client.address }, async () => {
        try {
          await handle(request, response);
        } catch (error) {
          log.error({ err: error, requestId }, 'a request failed');
          if (!response.headersSent)
            sendJson(response, 500, {
              errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }],
            });
          else response.destroy();
        }
      });
    // Nothing keeps answers to POST, so none needs to be told that they vary.
    if (request.method === 'POST' && request.headers['accept-encoding'] === undefined) void answer();
    else compress(request as never, response as never, answer);
  });

  guardConnections({
    server,
    limits: connectionLimits,
    registry,
    log,
    newId,
    now,
    responsesOn: running.on,
    // Of a request that has been refused early the rest may still come.
    isAnswered: (socket) => newest.get(socket)?.complete === false && running.on(socket).length === 0,
    onUnreadable: (status) => requests.inc({ route: 'none', status }),
  });

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    markStopping() {
      stopping = true;
    },
    async stop(timeoutMs) {
      if (!server.listening) return;
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await running.closed();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      clearTimeout(timer);
    },
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

/** What cannot be a part of an address must not get into one. */
function isHostName(host: string): boolean {
  return /^[\w.:[\]-]{1,255}$/.test(host) && URL.canParse(`http://${host}`);
}

/** A person who opens the API's address in a browser: they want GraphiQL. */
function isBrowserVisit(request: IncomingMessage): boolean {
  return request.method === 'GET' && !request.url?.includes('query=') && /\btext\/html\b/.test(request.headers.accept ?? '');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
