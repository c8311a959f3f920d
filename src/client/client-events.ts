import type { GraphQLErrorShape } from './graphql-result.ts';

/** Rows a subscription did not bring. */
export interface Gap {
  /** How many; null: unknown. */
  readonly missed: number | null;
  /** Cursor behind which they lie: `after` of the query of the same name, in ascending order of time, reads them. Null: unknown. */
  readonly missedSince: string | null;
}

/** Why there is no connection. */
export interface Disconnection {
  /** WebSocket close code; null when it did not come to a WebSocket, such as when `connectionParams` threw. */
  readonly code: number | null;
  readonly reason: string;
  /** Whether it was usable before. */
  readonly wasConnected: boolean;
}

/** What a client tells its listeners. */
export interface ClientEvents {
  /** A connection is being made; `attempt` counts from 0 since the last one that was of use. */
  connecting: { readonly attempt: number };
  connected: { readonly attempt: number };
  disconnected: Disconnection;
  /** After a connection or an attempt was lost: the next attempt, from 1, comes in `delayMs`. */
  reconnecting: { readonly attempt: number; readonly delayMs: number; readonly reason: string };
  /** A subscription was ended by the server for a passing reason, and is begun again in `delayMs`. */
  resubscribing: {
    readonly operation: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly errors: readonly GraphQLErrorShape[];
  };
  /** The connection goes on with another token, which `connectionParams` gave: until then, ISO 8601. Null: without end. */
  renewed: { readonly expiresAt: string | null };
  /** The token of the connection expires soon and could not be replaced; it is tried again in `delayMs`. Null: not on this connection. */
  renewalFailed: { readonly reason: string; readonly delayMs: number | null };
  /** A subscription did not bring everything; `operation` is its text. The item that comes next says so too. */
  gap: Gap & { readonly operation: string };
}
