import type { Backoff } from './backoff-delay.ts';
import type { ClientEvents } from './client-events.ts';
import type { ClientTimers } from './client-timers.ts';
import type { ConnectionState } from './create-connection.ts';
import type { LiveListener } from './listen.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { OperationDocument } from './operation-document.ts';

type Params = Record<string, unknown>;

export interface StrikewireClientOptions {
  /** `ws://HOST:PORT/graphql`, or what gives it; asked before every attempt to connect. */
  readonly url: string | (() => string | Promise<string>);
  /**
   * What the server is told at the beginning of each connection: `{ authorization: 'Bearer …' }`. What it throws is a failed attempt. A function is asked again shortly
   * before the token expires: with what it gives then, the connection goes on, and so does everything that runs on it.
   */
  readonly connectionParams?: Params | (() => Params | undefined | Promise<Params | undefined>);
  /** A WebSocket class. Default: that of the browser or of Node.js from version 22 on; before, the one of the package `ws`. */
  readonly webSocketImpl?: unknown;
  /** Pauses between attempts to connect. Default: anything up to 1 s, 2 s, 4 s, … 60 s. */
  readonly backoff?: Partial<Backoff>;
  /** Failed attempts in a row to connect, or to begin a subscription, after which what waits for it fails. Default: it never gives up. */
  readonly maximumAttempts?: number;
  /** How long an attempt may take, milliseconds. Default: 10,000. */
  readonly connectTimeoutMs?: number;
  /** The server is pinged this often, milliseconds; when nothing comes from it until the next ping, the connection counts as lost. Default: 15,000. */
  readonly keepAliveMs?: number;
  /** Most operations that wait for a connection, not counting those that had one. Default: 1,000. */
  readonly queueLimit?: number;
  /** 0 ≤ number < 1, for the pauses. Default: Math.random. */
  readonly random?: () => number;
  readonly timers?: ClientTimers;
}

type WithVariables<Variables, Options> = Options &
  (Record<never, never> extends Variables ? { readonly variables?: Variables } : { readonly variables: Variables });
/** The options may be left out when no variable must be given. */
type Last<Variables, Options> =
  Record<never, never> extends Variables ? [options?: WithVariables<Variables, Options>] : [options: WithVariables<Variables, Options>];

export interface QueryOptions {
  readonly signal?: AbortSignal;
}

export interface MutationOptions extends QueryOptions {
  /** Send it again when the connection is lost before the answer; for mutations that may be carried out twice, such as with an `idempotencyKey`. Default: false. */
  readonly isRepeatable?: boolean;
}

export interface SubscriptionOptions {
  /** Ends it, without an error. */
  readonly signal?: AbortSignal;
  /** Whether to go on after the last cursor when it is begun again. Default: when the operation has `$after: String` and asks for `cursor`. */
  readonly resume?: boolean;
  /** Most items that wait for the reader. When they are reached, a subscription that resumes pauses until half of them are taken; any other drops the oldest. Default: 64. */
  readonly buffer?: number;
}

/** Operations over one WebSocket that comes back when it is lost. */
export interface StrikewireClient {
  readonly state: ConnectionState;
  /** Returns what takes the listener off again. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  /** Sent again when the connection is lost before the answer. @throws OperationError, QueueFullError, ConnectionRefusedError, ConnectionGivenUpError, ClientClosedError; the signal's reason */
  query<Data = Params, Variables = Params>(
    document: OperationDocument<Data, Variables>,
    ...options: Last<Variables, QueryOptions>
  ): Promise<Data>;
  /** As `query`, but sent once. @throws also ConnectionLostError */
  mutate<Data = Params, Variables = Params>(
    document: OperationDocument<Data, Variables>,
    ...options: Last<Variables, MutationOptions>
  ): Promise<Data>;
  /** Begun at once. @throws NotResumableError, QueueFullError, ClientClosedError here; what ends it later is thrown by `next` */
  subscribe<Data = Params, Variables = Params>(
    document: OperationDocument<Data, Variables>,
    ...options: Last<Variables, SubscriptionOptions>
  ): LiveSubscription<Data>;
  /** `subscribe` with callbacks in place of `for await`. Returns what ends it. */
  listen<Data = Params, Variables = Params>(
    document: OperationDocument<Data, Variables>,
    listener: LiveListener<Data>,
    ...options: Last<Variables, SubscriptionOptions>
  ): () => void;
  /** Ends all subscriptions without an error and everything else with ClientClosedError. */
  close(): void;
}
