import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import { ConnectionTerminatedError } from '../../domain/access/connection-terminated-error.ts';
import { SessionMismatchError } from '../../domain/access/session-mismatch-error.ts';
import type { SessionTransport } from '../../domain/access/session-transport.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { DomainError } from '../../domain/errors/domain-error.ts';
import { createDeadlines } from './deadlines.ts';
import type { Revocations } from './revocations.ts';
import type { Session, SessionEvent, SessionEventKind, SessionPort } from './session.ts';

export const SESSION_ENDS = ['expired', 'revoked', 'terminated'] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

export interface NewSession {
  /** UUIDv7. */
  readonly id: string;
  readonly transport: SessionTransport;
  readonly viewer: Viewer;
  readonly clientAddress: string | null;
  readonly port: SessionPort;
}

/** The connections of this process that last: whoever they belong to, it is said here when they end. */
export interface Sessions {
  /** @throws AuthenticationError when the credential was revoked meanwhile */
  open(session: NewSession): Session;
  find(id: string): Session | null;
  /** In the order they were opened. */
  all(): Iterable<Session>;
  size(transport: SessionTransport): number;
  /** Forgets all of them; ends none. */
  stop(): void;
}

export interface SessionsDeps {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A client is warned so long before its credential expires, or after half of what is left when that is less. */
  readonly warningMs: number;
  /** How much longer tokens are accepted than they say. */
  readonly clockToleranceMs: number;
  readonly revocations: Pick<Revocations, 'check' | 'follow'>;
  readonly onEnded: (end: SessionEnd, session: Session) => void;
  readonly onRenewed: () => void;
  /** A connection was opened, renewed or closed, or runs another number of subscriptions. */
  readonly onChanged: (session: Session) => void;
}

/** How a session sees the registry. */
interface Registry {
  schedule(session: OpenSession): void;
  unschedule(session: OpenSession): void;
  checkRevocation(viewer: Viewer): void;
  renewed(session: OpenSession): void;
  changed(session: OpenSession): void;
  remove(session: OpenSession): void;
}

/** A class, because there is one for each of many thousand connections: closures would weigh more than what it holds. */
class OpenSession implements Session {
  readonly id: string;
  readonly transport: SessionTransport;
  readonly openedAtMs: number;
  readonly clientAddress: string | null;
  readonly port: SessionPort;
  readonly #registry: Registry;
  viewer: Viewer;
  subscriptions = 0;
  isOpen = true;
  isWarned = false;
  /** When something is to be done next; null: never. */
  deadlineMs: number | null = null;
  #listeners: Set<(event: SessionEvent) => void> | null = null;

  constructor({ id, transport, viewer, clientAddress, port }: NewSession, openedAtMs: number, registry: Registry) {
    this.id = id;
    this.transport = transport;
    this.openedAtMs = openedAtMs;
    this.clientAddress = clientAddress;
    this.viewer = viewer;
    this.port = port;
    this.#registry = registry;
  }

  usage() {
    return this.port.usage();
  }

  subscriptionBegan() {
    this.subscriptions++;
    this.#registry.changed(this);
  }

  subscriptionEnded() {
    this.subscriptions--;
    if (this.isOpen) this.#registry.changed(this);
  }

  renew(viewer: Viewer) {
    if (!this.isOpen) throw new SessionMismatchError('expected a connection that is open, got one that has ended: connect again');
    checkSame(this.viewer, viewer);
    this.#registry.checkRevocation(viewer);
    this.#registry.unschedule(this);
    this.viewer = viewer;
    this.isWarned = false;
    this.#registry.schedule(this);
    this.#registry.renewed(this);
    this.tell('RENEWED');
  }

  tell(kind: SessionEventKind) {
    if (!this.#listeners) return;
    const event = { kind, connectionId: this.id, expiresAtMs: this.viewer.expiresAtMs };
    for (const listener of this.#listeners) listener(event);
  }

  follow(listener: (event: SessionEvent) => void) {
    this.#listeners ??= new Set();
    const listeners = this.#listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#listeners = null;
    this.#registry.unschedule(this);
    this.#registry.remove(this);
  }
}

export function createSessions(deps: SessionsDeps): Sessions {
  const { clock, warningMs, clockToleranceMs, revocations, onEnded, onRenewed, onChanged } = deps;
  const sessions = new Map<string, OpenSession>();
  const sizes: Record<SessionTransport, number> = { WEBSOCKET: 0, SSE: 0 };
  const deadlines = createDeadlines<OpenSession>({ clock, onDue });

  const registry: Registry = {
    schedule(session) {
      const { viewer, isWarned } = session;
      const expiryMs = expiryOf(viewer);
      if (expiryMs === null) return;
      const nowMs = clock();
      // Half of it at most: who renews at once with a token of a short life would be warned at once again.
      const warnAtMs = expiryMs - Math.min(warningMs, Math.max(expiryMs - nowMs, 0) / 2);
      session.deadlineMs = isWarned ? expiryMs : warnAtMs;
      deadlines.add(session, session.deadlineMs);
    },
    unschedule(session) {
      if (session.deadlineMs !== null) deadlines.remove(session, session.deadlineMs);
      session.deadlineMs = null;
    },
    checkRevocation: (viewer) => revocations.check(viewer),
    renewed(session) {
      onRenewed();
      onChanged(session);
    },
    changed: onChanged,
    remove(session) {
      sessions.delete(session.id);
      sizes[session.transport]--;
      onChanged(session);
    },
  };

  function expiryOf({ kind, expiresAtMs }: Viewer): number | null {
    if (expiresAtMs === null) return null;
    return kind === 'TOKEN' ? expiresAtMs + clockToleranceMs : expiresAtMs;
  }

  function onDue(session: OpenSession): void {
    // Closed or renewed by what was due before it.
    if (!session.isOpen || session.deadlineMs === null || session.deadlineMs > clock()) return;
    session.deadlineMs = null;
    if (expiryOf(session.viewer)! <= clock()) {
      end(session, 'expired', new AuthenticationError('EXPIRED', 'expected a token that has not expired: connect again with another one'));
      return;
    }
    session.isWarned = true;
    registry.schedule(session);
    session.port.warn(session.viewer.expiresAtMs!);
    session.tell('EXPIRING');
  }

  function end(session: OpenSession, how: SessionEnd, error: DomainError): void {
    session.port.end(error);
    session.close();
    onEnded(how, session);
  }

  function endRevoked(session: OpenSession): void {
    try {
      revocations.check(session.viewer);
    } catch (error) {
      end(session, 'revoked', error as AuthenticationError);
    }
  }

  const unfollow = revocations.follow(({ credentialId, subject, connectionId, reason }) => {
    const named = connectionId === null ? undefined : sessions.get(connectionId);
    if (named) end(named, 'terminated', new ConnectionTerminatedError(reason));
    if (credentialId === null && subject === null) return;
    for (const session of sessions.values()) {
      const { viewer } = session;
      if ((credentialId !== null && viewer.credentialId === credentialId) || (subject !== null && viewer.subject === subject))
        endRevoked(session);
    }
  });

  return {
    open(opened) {
      revocations.check(opened.viewer);
      const session = new OpenSession(opened, clock(), registry);
      sessions.set(session.id, session);
      sizes[session.transport]++;
      registry.schedule(session);
      onChanged(session);
      return session;
    },
    find: (id) => sessions.get(id) ?? null,
    all: () => sessions.values(),
    size: (transport) => sizes[transport],
    stop() {
      unfollow();
      deadlines.stop();
    },
  };
}

/** @throws SessionMismatchError */
function checkSame(present: Viewer, renewed: Viewer): void {
  if (renewed.subject !== present.subject) {
    throw new SessionMismatchError('expected a token of the subject that has opened the connection, got one of another subject');
  }
  if (renewed.kind !== present.kind) {
    throw new SessionMismatchError('expected the kind of credential that has opened the connection, got another kind');
  }
  if (renewed.roles.length !== present.roles.length || !renewed.roles.every((role) => present.roles.includes(role))) {
    throw new SessionMismatchError(
      `expected a token with the roles of the connection, ${present.roles.join(', ')}, got ${renewed.roles.join(', ')}: connect again with it`,
    );
  }
}
