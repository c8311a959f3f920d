import type { SessionTransport } from '../../domain/access/session-transport.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { DomainError } from '../../domain/errors/domain-error.ts';

/** What can be read of a connection at any time; nothing of it is kept for the purpose. */
export interface SessionUsage {
  /** Rows that wait because the client does not take them. */
  readonly backlogRows: number;
  /** Bytes that wait: ready messages and what the socket holds. */
  readonly backlogBytes: number;
  /** Rows that its running subscriptions were not given. */
  readonly missed: number;
  /** Bytes it was sent since it was opened. */
  readonly sentBytes: number;
}

/** What a transport does for its connections. */
export interface SessionPort {
  usage(): SessionUsage;
  /** The credential of the connection expires soon. @param expiresAtMs epoch milliseconds */
  warn(expiresAtMs: number): void;
  /** Ends each running subscription with this error, then the connection, at once: afterwards nothing of what the viewer was allowed reaches it. */
  end(error: DomainError): void;
}

export const SESSION_EVENT_KINDS = ['CURRENT', 'EXPIRING', 'RENEWED'] as const;
export type SessionEventKind = (typeof SESSION_EVENT_KINDS)[number];

/** Something happened to a connection, or this is how it is. */
export interface SessionEvent {
  readonly kind: SessionEventKind;
  /** Id of the session. */
  readonly connectionId: string;
  /** When its credential expires, epoch milliseconds; null: never. */
  readonly expiresAtMs: number | null;
}

/** A connection that lasts, from when its client has shown who it is until it closes or is ended. */
export interface Session {
  /** UUIDv7. */
  readonly id: string;
  readonly transport: SessionTransport;
  /** Epoch milliseconds. */
  readonly openedAtMs: number;
  /** Address of the client; null when it is not known. */
  readonly clientAddress: string | null;
  /** Who it is; the same subject with the same roles as long as it lasts, with another expiry after a renewal. */
  readonly viewer: Viewer;
  /** How many run. */
  readonly subscriptions: number;
  readonly isOpen: boolean;
  usage(): SessionUsage;
  subscriptionBegan(): void;
  subscriptionEnded(): void;
  /**
   * Goes on as this viewer.
   *
   * @throws SessionMismatchError when it is somebody else, has other roles or shows another kind of credential, or when the connection has ended
   * @throws AuthenticationError when its credential was revoked
   */
  renew(viewer: Viewer): void;
  /** Must not throw. Returns the end of it. */
  follow(listener: (event: SessionEvent) => void): () => void;
  /** The connection is over. Any number of times. */
  close(): void;
}
