import type { IncomingMessage, Server } from 'node:http';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { WebSocketServer } from 'ws';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import type { Limits } from '../../domain/limits/limit-policy.ts';
import type { Authenticator } from '../../services/access/authenticator.ts';
import { createDeadlines } from '../../services/access/deadlines.ts';
import type { SessionRenewal } from '../../services/access/session-renewal.ts';
import type { Sessions } from '../../services/access/sessions.ts';
import type { Admission } from '../../services/limits/admission.ts';
import type { LimitsOf } from '../../services/limits/viewer-limits.ts';
import { isWritten } from '../answer-text.ts';
import { formatError } from '../format-error.ts';
import type { NewGraphQLContext } from '../graphql-context.ts';
import { GRAPHQL_PATH, type GraphQLEndpoint, type TransportContext } from '../graphql-endpoint.ts';
import type { PersistedDocuments } from '../limits/persisted-documents.ts';
import { createErrorMask } from '../mask-error.ts';
import type { OperationMetrics } from '../operation-metrics.ts';
import { requestContext } from '../request-context.ts';
import { shownAuthorization } from '../shown-authorization.ts';
import { acceptUpgrades } from './accept-upgrades.ts';
import { createPingAnswer } from './answer-ping.ts';
import { createDeliveryMetrics } from './delivery-metrics.ts';
import { createKeepAlive } from './keep-alive.ts';
import type { RunningQueries } from './running-queries.ts';
import { sentAnswer } from './sent-answer.ts';
import { serveWebSocket, type WebSocketExtra } from './serve-websocket.ts';
import { createSharedSubscriptions, type SubscribeOperation } from './shared-subscriptions.ts';
import type { SubscriptionResults } from './subscription-results.ts';
import { closeReason, WebSocketSession } from './websocket-session.ts';

/** For the first message of a client, as graphql-ws has it. */
const HANDSHAKE_TIMEOUT_MS = 3_000;
/** RFC 6455: an endpoint is going away. Clients take it as a reason to connect again. */
const GOING_AWAY = 1001;
/** Not registered; 4429 by likeness to HTTP 429, as graphql-ws has it. */
const TOO_MANY_SOCKETS = 4429;
/** Registered with IANA for WebSocket. */
const TRY_AGAIN_LATER = 1013;

export interface WebSocketEndpointDeps {
  readonly server: Server;
  readonly endpoint: GraphQLEndpoint;
  readonly newContext: NewGraphQLContext;
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly renewal: SessionRenewal;
  /** Who asks, behind trusted proxies. */
  readonly clientAddress: (request: IncomingMessage) => string;
  readonly operationMetrics: OperationMetrics;
  readonly limitsOf: LimitsOf;
  /** What the most generous limits have; longer messages close the connection with 1009. */
  readonly greatestLimits: Pick<Limits, 'bodyBytes'>;
  readonly admission: Admission;
  /** Called once for each refusal, with the name of the limit. */
  readonly onLimitExceeded: (limit: string) => void;
  readonly persistedDocuments: PersistedDocuments;
  readonly registry: Registry;
  readonly log: Logger;
  readonly newId: () => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** An open socket is pinged this often; often enough that proxies, which commonly cut after 60 s without traffic, keep it. */
  readonly keepAliveMs: number;
  /** Whether a page of this origin may connect; undefined: not a browser. */
  readonly isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean;
}

export interface WebSocketEndpoint {
  connections(): number;
  /** Closes the sockets with 1001 (going away), which ends their subscriptions; clients that do not answer in time are cut. */
  stop(timeoutMs: number): Promise<void>;
}

type OperationBeforeItBegins = Omit<SubscribeOperation, 'onOver'>;

/** What travels with the arguments of an operation, in place of a root value. */
interface Travelling {
  readonly execute: ReturnType<GraphQLEndpoint['getEnveloped']>['execute'];
  readonly queries: RunningQueries;
  readonly subscribing: OperationBeforeItBegins;
}
type TravellingArguments = ExecutionArgs & { rootValue: Travelling };

/** GraphQL over WebSocket (graphql-transport-ws), through the same pipeline as HTTP: masking, metrics and limits hold here too. */
export function createWebSocketEndpoint(deps: WebSocketEndpointDeps): WebSocketEndpoint {
  const { server, endpoint, newContext, authenticator, sessions, renewal, clientAddress } = deps;
  const { operationMetrics, registry, log, newId, now, isOriginAllowed, keepAliveMs } = deps;
  const { limitsOf, greatestLimits, admission, onLimitExceeded, persistedDocuments } = deps;
  const maskError = createErrorMask({ log, onLimitExceeded });
  const format = (error: unknown): GraphQLFormattedError => formatError(maskError(error));
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: greatestLimits.bodyBytes,
  });
  const endUpgrades = acceptUpgrades({ server, sockets, path: GRAPHQL_PATH, newId, isOriginAllowed });
  new Gauge({
    name: 'strikewire_websocket_connections',
    help: 'Open WebSocket connections.',
    registers: [registry],
    collect() {
      this.set(sockets.clients.size);
    },
  });

  const keepAlive = createKeepAlive({ intervalMs: keepAliveMs });
  const subscriptions = createSharedSubscriptions({ newContext, maskError, metrics: createDeliveryMetrics(registry) });

  async function subscribeWithin(operation: OperationBeforeItBegins): Promise<SubscriptionResults | ExecutionResult> {
    let leave: () => void;
    try {
      leave = admission.subscribe(operation.session.viewer, operation.outlet);
    } catch (error) {
      return { errors: [maskError(error)] };
    }
    try {
      const results = await subscriptions.subscribe({ ...operation, onOver: leave });
      if (!(Symbol.asyncIterator in results)) leave();
      return results;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** @throws LimitExceededError */
  async function admit(viewer: Viewer): Promise<void> {
    const { messageBytes = 0 } = requestContext.getStore() ?? {};
    const { bodyBytes } = limitsOf(viewer);
    if (messageBytes > bodyBytes) throw new LimitExceededError('bytes in a message', bodyBytes, messageBytes, { limit: 'bodyBytes' });
    await admission.admit(viewer);
  }

  /** Instead of the one of graphql-ws, which is a timer for each connection. */
  const handshakes = createDeadlines<WebSocketExtra>({
    clock: now,
    onDue: ({ socket }) => socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
  });

  const protocol = makeServer<Record<string, unknown>, WebSocketExtra>({
    connectionInitWaitTimeout: 0,
    async onConnect(context) {
      const { extra, connectionParams } = context;
      const request = extra.request!;
      handshakes.remove(extra, extra.handshakeUntilMs);
      // Neither the token nor the headers are needed again: they would weigh more than the connection.
      extra.request = null;
      (context as { connectionParams?: unknown }).connectionParams = undefined;
      try {
        const viewer = await authenticator.authenticate(authorizationOf(connectionParams, request));
        // Closed meanwhile: nobody would close a session opened now.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        extra.socket.on('close', admission.openSocket(viewer));
        const port = new WebSocketSession(context, format);
        extra.session = sessions.open({ id: newId(), transport: 'WEBSOCKET', viewer, clientAddress: clientAddress(request), port });
        return true;
      } catch (error) {
        if (error instanceof AuthenticationError) extra.socket.close(CloseCode.Forbidden, closeReason(error.message));
        else if (error instanceof LimitExceededError) {
          onLimitExceeded(error.limit);
          extra.socket.close(TOO_MANY_SOCKETS, closeReason(`${error.limit}: ${error.message}`));
        } else {
          // Keys that cannot be fetched now: not the caller's fault, who does well to come back.
          log.error({ err: error }, 'a WebSocket could not be authenticated');
          extra.socket.close(TRY_AGAIN_LATER, 'Try again later');
        }
        return false;
      }
    },
    execute(args) {
      const { execute, queries, subscribing } = (args as TravellingArguments).rootValue;
      return queries
        .run(subscribing.id, (signal) => {
          Object.assign(args.contextValue as TransportContext, { signal });
          return execute(args);
        })
        .then((answer: ExecutionResult) => (isWritten(answer) ? sentAnswer(subscribing.id, answer, subscribing.outlet) : answer));
    },
    async subscribe(args) {
      const began = operationMetrics.startSubscription();
      const { subscribing } = (args as TravellingArguments).rootValue;
      // The protocol keeps the arguments as long as the subscription goes on, and needs none of this again.
      Object.assign(args, { rootValue: null, contextValue: null, variableValues: null });
      const results = await subscribeWithin(subscribing);
      began(Symbol.asyncIterator in results ? 'ok' : 'error');
      return results;
    },
    onSubscribe: async (context, id, params) => {
      const { outlet, queries } = context.extra;
      const session = context.extra.session!;
      const pipeline = endpoint.getEnveloped({ params, viewer: session.viewer, session });
      try {
        await admit(session.viewer);
        const { operationName, variables } = params;
        const query = persistedDocuments.resolve(params) ?? '';
        // Kept with the message as long as the operation runs.
        Object.assign(params, { query: '' });
        const document = pipeline.parse(query);
        const errors = pipeline.validate(pipeline.schema, document);
        if (errors.length > 0) return errors as GraphQLError[];
        const requestId = requestContext.getStore()?.requestId ?? newId();
        const subscribing: OperationBeforeItBegins = {
          id,
          outlet,
          requestId,
          session,
          query,
          schema: pipeline.schema,
          document,
          operationName,
          variables,
        };
        return {
          schema: pipeline.schema,
          operationName,
          document,
          variableValues: variables,
          contextValue: await pipeline.contextFactory(),
          rootValue: { execute: pipeline.execute, queries, subscribing } satisfies Travelling,
        };
      } catch (error) {
        // Answered, and the connection goes on.
        return (error instanceof AggregateError ? error.errors : [error]).map(maskError);
      }
    },
    // As those of an answer that is text already.
    onNext: (_context, _id, _payload, _args, { errors, ...rest }) =>
      errors && ({ ...rest, errors: errors.map(formatError) } as FormattedExecutionResult),
    // The pipeline has masked its own errors; what fails on the way from it to the socket comes as it was thrown.
    onError: (_context, _id, _payload, errors) => errors.map(format),
  });
  const answerPing = createPingAnswer({ renewal, format });
  sockets.on('connection', (socket, request) => {
    keepAlive.add(socket);
    const extra = serveWebSocket({ protocol, log, newId, answerPing }, socket, request);
    extra.handshakeUntilMs = now() + HANDSHAKE_TIMEOUT_MS;
    handshakes.add(extra, extra.handshakeUntilMs);
  });
  sockets.on('error', (error) => log.error({ err: error }, 'the WebSocket server failed'));

  return {
    connections: () => sockets.clients.size,
    stop: (timeoutMs) =>
      new Promise((resolve) => {
        keepAlive.stop();
        handshakes.stop();
        const timer = setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
        }, timeoutMs);
        for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Going away');
        sockets.close(() => {
          endUpgrades();
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Browsers cannot set headers of a WebSocket: there the token comes in the parameters of the connection, as `authorization`. */
function authorizationOf(parameters: Record<string, unknown> | undefined, request: IncomingMessage): string | null {
  const own = parameters?.authorization ?? parameters?.Authorization;
  if (typeof own === 'string') return own;
  const apiKey = request.headers['x-api-key'];
  return shownAuthorization(request.headers.authorization ?? null, typeof apiKey === 'string' ? apiKey : null);
}
