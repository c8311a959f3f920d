import type { Viewer } from '../../domain/access/viewer.ts';
import { createEventConnection, type EventConnection } from './event-connection.ts';
import type { OpenEventSession } from './event-session.ts';

/** A client that has asked for an event stream opens it at once. */
const OPENING_TIMEOUT_MS = 30_000;
/** Event streams asked for and not opened yet: they cost memory, and asking costs nothing. */
const MAXIMUM_UNOPENED = 1_000;

/** The event streams of graphql-sse's single connection mode, by the token that each client holds. To everybody but the viewer that asked for it a stream does not exist. */
export interface EventConnections {
  /** The token of a new one; null when too many have been asked for and not opened. @throws AuthenticationError when the viewer's credential was revoked meanwhile */
  reserve(viewer: Viewer): string | null;
  find(token: string, viewer: Viewer): EventConnection | null;
  /** False when it is open already. Once only. */
  open(token: string): boolean;
  /** Ends each event stream when its operations have ended. */
  stop(): void;
}

interface Entry {
  readonly owner: Viewer;
  readonly connection: EventConnection;
  /** Null once it is open. */
  opening: NodeJS.Timeout | null;
}

export interface EventConnectionsDeps {
  /** Must not be guessable. */
  readonly newToken: () => string;
  readonly openSession: OpenEventSession;
}

export function createEventConnections({ newToken, openSession }: EventConnectionsDeps): EventConnections {
  const entries = new Map<string, Entry>();
  let unopened = 0;

  function markOpened(entry: Entry): void {
    if (!entry.opening) return;
    clearTimeout(entry.opening);
    entry.opening = null;
    unopened--;
  }

  return {
    reserve(owner) {
      if (unopened >= MAXIMUM_UNOPENED) return null;
      const token = newToken();
      const connection = createEventConnection({
        onClose() {
          const entry = entries.get(token);
          if (entry) markOpened(entry);
          entries.delete(token);
          connection.session?.close();
        },
      });
      connection.session = openSession(owner, {
        ...connection,
        endWith(last) {
          const entry = entries.get(token);
          // Nothing is added to it any more.
          entries.delete(token);
          connection.endWith(last);
          if (!entry?.opening) return;
          markOpened(entry);
          connection.close();
        },
      });
      entries.set(token, { owner, connection, opening: setTimeout(connection.close, OPENING_TIMEOUT_MS).unref() });
      unopened++;
      return token;
    },
    find(token, viewer) {
      const entry = entries.get(token);
      return entry && isSame(entry.owner, viewer) ? entry.connection : null;
    },
    open(token) {
      const entry = entries.get(token);
      if (!entry?.opening) return false;
      markOpened(entry);
      return true;
    },
    stop() {
      for (const { connection, opening } of entries.values()) {
        if (opening) connection.close();
        else connection.end();
      }
    },
  };
}

/** A token may have been renewed meanwhile; what it gives may not have changed, because the stream would go on telling what it no longer may. */
function isSame(one: Viewer, other: Viewer): boolean {
  return (
    one.kind === other.kind &&
    one.subject === other.subject &&
    (one.kind !== 'API_KEY' || one.credentialId === other.credentialId) &&
    one.roles.length === other.roles.length &&
    one.roles.every((role) => other.roles.includes(role))
  );
}
