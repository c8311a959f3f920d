import { createHash } from 'node:crypto';
import type { Sql } from '../../db/client.ts';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';

/** Long enough to open an event stream at once, too short to be of use in a browser's history or a proxy's log. */
const LIFETIME_SECONDS = 30;
const SECRET_BYTES = 32;
const PREFIX = 'swe_';
const TOKEN = /^swe_[\w-]{43}$/;

export interface EventToken {
  /** Told once; only its hash is kept. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** Tokens that open one event stream each, for browsers: their EventSource sends no headers, and what stands in an address is seen by many. */
export interface EventTokens {
  create(viewer: Viewer): Promise<EventToken>;
  /**
   * Uses the token up, in whichever process. Answers who asked for it.
   *
   * @throws AuthenticationError when it is none, expired, or used before
   */
  consume(token: string): Promise<Viewer>;
}

export interface EventTokensDeps {
  readonly sql: Sql;
  /** Cryptographically random. */
  readonly randomBytes: (length: number) => Buffer;
}

/** Whether a `token` parameter is one of these, rather than the token of an event stream for many operations. */
export function isEventToken(token: string): boolean {
  return token.startsWith(PREFIX);
}

export function createEventTokens({ sql, randomBytes }: EventTokensDeps): EventTokens {
  return {
    async create(viewer) {
      const token = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
      const viewerExpiresAt = viewer.expiresAtMs === null ? null : sql.typed.timestamptz(viewer.expiresAtMs);
      // What nobody used goes when somebody asks for another one: there is never more than half a minute's worth of them.
      const [row] = await sql<{ expiresAtMs: number }[]>`
        with expired as (delete from event_tokens where expires_at <= now())
        insert into event_tokens (token_hash, viewer, expires_at)
        values (${hashOf(token)}, ${sql.json({ ...viewer } as never)},
          least(now() + make_interval(secs => ${LIFETIME_SECONDS}), ${viewerExpiresAt}::timestamptz))
        returning expires_at as "expiresAtMs"`;
      return { token, expiresAtMs: row!.expiresAtMs };
    },

    async consume(token) {
      if (!TOKEN.test(token)) throw new AuthenticationError('MALFORMED', 'expected an event token as eventTokenCreate gives it');
      // Of several requests at once the first deletes the row; the others find none.
      const [row] = await sql<{ viewer: Viewer; isExpired: boolean }[]>`
        delete from event_tokens where token_hash = ${hashOf(token)} returning viewer, expires_at <= now() as "isExpired"`;
      if (!row) throw new AuthenticationError('INVALID', 'expected an event token that has not been used, got another one');
      if (row.isExpired) throw new AuthenticationError('EXPIRED', 'expected an event token that has not expired');
      return row.viewer;
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
