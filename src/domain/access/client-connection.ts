import type { Role } from './role.ts';
import type { SessionTransport } from './session-transport.ts';
import type { ViewerKind } from './viewer.ts';

/** A connection of a client to one of the processes, as it was a moment ago. */
export interface ClientConnection {
  /** UUIDv7. */
  readonly id: string;
  /** UUID of the process that has it. */
  readonly processId: string;
  readonly transport: SessionTransport;
  readonly subject: string;
  readonly viewerKind: ViewerKind;
  readonly roles: readonly Role[];
  /** Id of the token or key it is open with; null when that has none. */
  readonly credentialId: string | null;
  /** Address of the client; null when it is not known. */
  readonly clientAddress: string | null;
  /** Epoch milliseconds. */
  readonly openedAtMs: number;
  /** When its credential expires, epoch milliseconds; null: never. */
  readonly expiresAtMs: number | null;
  /** How many run. */
  readonly subscriptions: number;
  /** Rows that wait because the client does not take them. */
  readonly backlogRows: number;
  /** Bytes that wait. */
  readonly backlogBytes: number;
  /** Rows that its running subscriptions were not given because it did not keep up. */
  readonly missed: number;
  /** Bytes it was sent. */
  readonly sentBytes: number;
}
