import { askOnce } from './ask-once.ts';
import type { ClientEvents } from './client-events.ts';
import { systemTimers } from './client-timers.ts';
import { createConnection } from './create-connection.ts';
import { ClientClosedError } from './errors/client-closed-error.ts';
import { InvalidClientOptionError } from './errors/invalid-client-option-error.ts';
import { createEventEmitter } from './event-emitter.ts';
import { followSubscription } from './follow-subscription.ts';
import { listen } from './listen.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { OperationDocument } from './operation-document.ts';
import { createOperationSet, type OperationSet } from './operation-set.ts';
import { operationText } from './operation-text.ts';
import { resumes } from './resumes.ts';
import type { MutationOptions, QueryOptions, StrikewireClient, StrikewireClientOptions, SubscriptionOptions } from './strikewire-client.ts';
import { webSocketUrl } from './web-socket-url.ts';

type Document = OperationDocument<unknown, never>;
type Variables = Readonly<Record<string, unknown>>;
/** The options of the interface are of every operation's own type; behind it they are all alike. */
type Loose<Options> = Options & { readonly variables?: Variables };

/** A client of Strikewire for browsers and Node.js. It connects with the first operation. @throws InvalidClientOptionError */
export function createStrikewireClient(options: StrikewireClientOptions): StrikewireClient {
  const {
    backoff = {},
    maximumAttempts = Number.POSITIVE_INFINITY,
    queueLimit = 1_000,
    random = Math.random,
    timers = systemTimers,
  } = options;
  const pauses = { minimumMs: backoff.minimumMs ?? 1_000, maximumMs: backoff.maximumMs ?? 60_000 };
  if (typeof options.url === 'string') webSocketUrl(options.url);
  const events = createEventEmitter<ClientEvents>();
  const operations: OperationSet = createOperationSet({ queueLimit, session: () => connection.session() });
  const connection = createConnection({
    url: options.url,
    connectionParams: options.connectionParams,
    webSocketImpl: options.webSocketImpl ?? globalWebSocket(),
    backoff: pauses,
    maximumAttempts,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    random,
    timers,
    events,
    isNeeded: () => operations.size() > 0,
    onConnected: operations.beginAll,
    onLost: operations.interruptAll,
    onGivenUp: operations.failAll,
  });

  function ask(document: Document, { variables = {}, signal, isRepeatable = false }: Loose<MutationOptions>): Promise<unknown> {
    if (connection.state() === 'closed') return Promise.reject(new ClientClosedError());
    return askOnce({
      operations,
      ensureConnection: connection.ensure,
      onAnswer: connection.isOfUse,
      payload: { query: operationText(document), variables },
      isRepeatable,
      signal,
    });
  }

  function subscribe(
    document: Document,
    { variables = {}, signal, resume, buffer = 64 }: Loose<SubscriptionOptions>,
  ): LiveSubscription<unknown> {
    if (connection.state() === 'closed') throw new ClientClosedError();
    if (!(buffer >= 1)) throw new InvalidClientOptionError(`expected a buffer of 1 item or more, got ${buffer}`);
    const query = operationText(document);
    return followSubscription({
      operations,
      ensureConnection: connection.ensure,
      session: connection.session,
      onItem: connection.isOfUse,
      payload: { query, variables },
      isResumed: resumes(query, resume),
      buffer,
      backoff: pauses,
      maximumAttempts,
      random,
      timers,
      events,
      signal,
    });
  }

  const client = {
    get state() {
      return connection.state();
    },
    on: events.on,
    query: async (document: Document, query: Loose<QueryOptions> = {}) => ask(document, { ...query, isRepeatable: true }),
    mutate: async (document: Document, mutation: Loose<MutationOptions> = {}) => ask(document, mutation),
    subscribe: (document: Document, subscription: Loose<SubscriptionOptions> = {}) => subscribe(document, subscription),
    listen(document: Document, listener: Parameters<typeof listen<unknown>>[1], subscription: Loose<SubscriptionOptions> = {}) {
      const items = subscribe(document, subscription);
      void listen(items, listener);
      return () => void items.return();
    },
    close() {
      connection.close();
      operations.closeAll();
    },
  };
  return client as StrikewireClient;
}

function globalWebSocket(): unknown {
  const { WebSocket } = globalThis as { WebSocket?: unknown };
  if (WebSocket) return WebSocket;
  throw new InvalidClientOptionError(
    'expected a WebSocket class in `webSocketImpl`, got none: before version 22 Node.js has none of its own',
  );
}
