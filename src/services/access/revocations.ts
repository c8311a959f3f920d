import type { Logger } from 'pino';
import type { AuditEntry } from '../../domain/access/audit-entry.ts';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { RevocationStore } from './revocation-store.ts';

/** Revocations of what has expired anyway are removed so often. */
const CLEANING_INTERVAL_MS = 86_400_000;

/** Something that no longer counts, or a connection that is to end. Of the ids one is set. */
export interface Revoked {
  /** A token (`jti`) or an API key. */
  readonly credentialId: string | null;
  /** All tokens of this subject that were issued until now. */
  readonly subject: string | null;
  /** A connection, whoever has it. */
  readonly connectionId: string | null;
  /** In the words of who did it; null when none was given. */
  readonly reason: string | null;
}

/** What has been revoked before it expired, in whichever process. */
export interface Revocations {
  /** From memory: as often as one likes. @throws AuthenticationError REVOKED */
  check(viewer: Viewer): void;
  /**
   * For what lives on after it was authenticated. Called in every process within STREAM_POLL_INTERVAL_MS, and at once in the one where it was done. Of a credential or
   * a subject it says whom to look at: `check` of the viewer tells whether it is meant (a token issued afterwards is not).
   * The listener must not throw. Returns the end of following.
   */
  follow(listener: (revoked: Revoked) => void): () => void;
}

export interface RevocationRegistry extends Revocations {
  /** To be called when the follower has been started. @throws when the database cannot tell what has been revoked */
  start(): Promise<void>;
  /** In force when it returns: for entries that were committed here. The follower, which brings them too, may still be waiting for earlier ones. */
  apply(entries: readonly AuditEntry[]): void;
  stop(): void;
}

export interface RevocationsDeps {
  readonly store: Pick<RevocationStore, 'all' | 'removeExpired'>;
  /** Keys that were revoked before the start. */
  readonly revokedKeyIds: () => Promise<readonly string[]>;
  /** Gives this process the entries that all processes write. */
  readonly follower: Pick<StreamFollower<AuditEntry>, 'follow'>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How far the clocks of those who sign tokens may be off: what seems to be issued so shortly after a revocation may have been issued before. */
  readonly clockToleranceMs: number;
  readonly log: Logger;
}

export function createRevocations(deps: RevocationsDeps): RevocationRegistry {
  const { store, revokedKeyIds, follower, clock, clockToleranceMs, log } = deps;
  const keys = new Set<string>();
  const tokens = new Set<string>();
  /** Until when the tokens of a subject were issued that do not count, epoch milliseconds. */
  const subjects = new Map<string, number>();
  const listeners = new Set<(revoked: Revoked) => void>();
  /** Numbers of entries that were applied before the follower brought them. */
  const ahead = new Set<number>();
  let timer: NodeJS.Timeout | null = null;
  let unfollow = () => {};

  function apply(entry: AuditEntry): void {
    const revoked = readRevoked(entry);
    if (revoked === null) return;
    if (entry.objectKind === 'API_KEY') keys.add(entry.objectId);
    if (entry.objectKind === 'TOKEN') tokens.add(entry.objectId);
    if (entry.objectKind === 'SUBJECT') revokeSubject(entry.objectId, entry.atMs);
    for (const listener of listeners) listener(revoked);
  }

  function revokeSubject(subject: string, atMs: number): void {
    subjects.set(subject, Math.max(atMs, subjects.get(subject) ?? 0));
  }

  function followed(entries: readonly AuditEntry[]): void {
    for (const entry of entries) if (!ahead.delete(entry.sequence)) apply(entry);
  }

  async function load(): Promise<void> {
    // What comes while the rows are read is not to be forgotten.
    const before = { tokens: [...tokens], subjects: [...subjects.keys()] };
    const rows = await store.all();
    const stored = new Set(rows.map(({ kind, value }) => `${kind} ${value}`));
    for (const id of before.tokens) if (!stored.has(`TOKEN ${id}`)) tokens.delete(id);
    for (const subject of before.subjects) if (!stored.has(`SUBJECT ${subject}`)) subjects.delete(subject);
    for (const { kind, value, revokedAtMs } of rows) {
      if (kind === 'TOKEN') tokens.add(value);
      else revokeSubject(value, revokedAtMs);
    }
  }

  async function clean(): Promise<void> {
    try {
      // Tokens are accepted for so much longer than they say.
      await store.removeExpired(clock() - clockToleranceMs);
      await load();
    } catch (error) {
      log.warn({ err: error }, 'revocations of what has expired could not be removed, trying again later');
    }
  }

  return {
    check({ kind, subject, credentialId, issuedAtMs }) {
      if (kind === 'API_KEY') {
        if (credentialId !== null && keys.has(credentialId)) {
          throw new AuthenticationError('REVOKED', 'expected an API key that has not been revoked');
        }
      } else if (kind === 'TOKEN') {
        const untilMs = subjects.get(subject);
        const isOfRevoked = untilMs !== undefined && (issuedAtMs === null || issuedAtMs <= untilMs + clockToleranceMs);
        if (isOfRevoked || (credentialId !== null && tokens.has(credentialId))) {
          throw new AuthenticationError('REVOKED', 'expected a token that has not been revoked');
        }
      }
    },

    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async start() {
      unfollow = follower.follow(followed);
      await store.removeExpired(clock() - clockToleranceMs);
      await load();
      for (const id of await revokedKeyIds()) keys.add(id);
      timer = setInterval(() => void clean(), CLEANING_INTERVAL_MS).unref();
    },

    apply(entries) {
      for (const entry of entries) {
        ahead.add(entry.sequence);
        apply(entry);
      }
    },

    stop() {
      unfollow();
      if (timer) clearInterval(timer);
    },
  };
}

/** What an entry of the audit trail revokes or ends; null: nothing. */
function readRevoked({ action, objectKind, objectId, reason }: AuditEntry): Revoked | null {
  const nothing = { credentialId: null, subject: null, connectionId: null, reason };
  if (action === 'CONNECTION_TERMINATED') return { ...nothing, connectionId: objectId };
  if (action !== 'TOKEN_REVOKED' && action !== 'API_KEY_REVOKED') return null;
  return objectKind === 'SUBJECT' ? { ...nothing, subject: objectId } : { ...nothing, credentialId: objectId };
}
