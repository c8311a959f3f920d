import type { Sql } from '../../db/client.ts';
import { draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { textIssue } from '../../domain/errors/text-issue.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import type { AuditLog } from './audit-log.ts';
import { expiryIssue } from './expiry-issue.ts';
import { parseReason } from './parse-reason.ts';
import type { Revocation, RevocationStore } from './revocation-store.ts';

/** As of what is accepted in a token. */
const LONGEST_NAME = 256;

/** One of tokenId and subject. */
export interface TokenRevocationInput {
  /** Its `jti`. */
  readonly tokenId: string | null;
  /** All tokens of this subject that were issued until now. */
  readonly subject: string | null;
  /** When they expire by themselves, epoch milliseconds: the revocation is kept until then. Null: for good. */
  readonly expiresAtMs: number | null;
  readonly reason: string | null;
}

export interface TokenRevocationService {
  /** In force in this process when it returns, and in the others a moment later. The same again changes nothing but the time. @throws ValidationError */
  revoke(input: TokenRevocationInput, caller: Caller): Promise<Revocation>;
}

export interface TokenRevocationServiceDeps {
  readonly sql: Sql;
  readonly store: Pick<RevocationStore, 'save'>;
  readonly auditLog: AuditLog;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
}

export function createTokenRevocationService({ sql, store, auditLog, clock, newId }: TokenRevocationServiceDeps): TokenRevocationService {
  return {
    async revoke(input, caller) {
      const { kind, value, expiresAtMs } = parse(input, clock());
      const draft = draftAuditEntry(newId(), caller, {
        action: 'TOKEN_REVOKED',
        objectKind: kind,
        objectId: value,
        reason: parseReason(input.reason),
      });
      const { entries, revocation } = await sql.begin(async (transaction) => {
        const appended = await auditLog.append(transaction, [draft]);
        // The time of the entry, which all processes are told.
        const saved = { kind, value, revokedAtMs: appended[0]!.atMs, expiresAtMs };
        await store.save(transaction, saved);
        return { entries: appended, revocation: saved };
      });
      auditLog.committed(entries);
      return revocation;
    },
  };
}

/** @throws ValidationError */
function parse({ tokenId, subject, expiresAtMs }: TokenRevocationInput, nowMs: number): Omit<Revocation, 'revokedAtMs'> {
  if ((tokenId === null) === (subject === null)) {
    throw new ValidationError([{ path: '', message: `expected one of tokenId and subject, got ${tokenId === null ? 'none' : 'both'}` }]);
  }
  const [path, value] = tokenId === null ? (['subject', subject!] as const) : (['tokenId', tokenId] as const);
  const issues: (ValidationIssue | null)[] = [textIssue(path, value, 1, LONGEST_NAME)];
  issues.push(expiryIssue('expiresAt', expiresAtMs, nowMs));
  const found = issues.filter((issue) => issue !== null);
  if (found.length > 0) throw new ValidationError(found);
  return { kind: tokenId === null ? 'SUBJECT' : 'TOKEN', value, expiresAtMs };
}
