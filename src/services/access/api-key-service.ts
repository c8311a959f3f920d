import type { Sql } from '../../db/client.ts';
import { type ApiKey, type ApiKeyState, apiKeyState } from '../../domain/access/api-key.ts';
import { type AuditEntry, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { isPermitted, PERMISSIONS } from '../../domain/access/permission.ts';
import { ROLES, type Role } from '../../domain/access/role.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { textIssue } from '../../domain/errors/text-issue.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { API_KEY_SECRET_BYTES, formatApiKey } from './api-key-format.ts';
import type { ApiKeyQuery, ApiKeyStore } from './api-key-store.ts';
import type { AuditLog } from './audit-log.ts';
import { expiryIssue } from './expiry-issue.ts';
import { hashSecret } from './hash-secret.ts';
import { parseReason } from './parse-reason.ts';

const LONGEST_NAME = 100;
/** As of the subject of a token. */
const LONGEST_OWNER = 256;
/** Far beyond the number of services that anybody runs: a loop that makes keys ends here. */
const MOST_ACTIVE_KEYS = 1_000;

export interface ApiKeyInput {
  readonly name: string;
  /** Null: whoever makes it. */
  readonly owner: string | null;
  readonly roles: readonly Role[];
  /** Epoch milliseconds; null: it does not expire. */
  readonly expiresAtMs: number | null;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  /** Told once; only a hash of its secret is kept. */
  readonly key: string;
}

export interface ApiKeyService {
  /** @throws ValidationError, LimitExceededError */
  create(input: ApiKeyInput, caller: Caller): Promise<CreatedApiKey>;
  /**
   * No longer accepted in this process when it returns, nor in the others a moment later. One that has been revoked stays as it is.
   * @throws NotFoundError, ValidationError
   */
  revoke(id: string, reason: string | null, caller: Caller): Promise<ApiKey>;
  byIds(ids: readonly string[]): Promise<ApiKey[]>;
  /** As of now. */
  stateOf(apiKey: ApiKey): ApiKeyState;
  /** Newest first; the cursor is the id of a key. */
  page(query: ApiKeyQuery, request: PageRequest): Promise<Page<ApiKey>>;
}

export interface ApiKeyServiceDeps {
  readonly sql: Sql;
  readonly store: ApiKeyStore;
  readonly auditLog: AuditLog;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  /** Cryptographically random. */
  readonly randomBytes: (length: number) => Buffer;
}

export function createApiKeyService({ sql, store, auditLog, clock, newId, randomBytes }: ApiKeyServiceDeps): ApiKeyService {
  async function insert(apiKey: ApiKey, secretHash: string, caller: Caller): Promise<readonly AuditEntry[]> {
    const { id, name, createdAtMs } = apiKey;
    const draft = draftAuditEntry(newId(), caller, { action: 'API_KEY_CREATED', objectKind: 'API_KEY', objectId: id, objectName: name });
    return sql.begin(async (transaction) => {
      // First, because whoever appends waits here for the others: what is counted then is true until the end.
      const entries = await auditLog.append(transaction, [draft]);
      const active = await store.countActive(transaction, createdAtMs);
      if (active >= MOST_ACTIVE_KEYS) throw new LimitExceededError('API keys in use', MOST_ACTIVE_KEYS, active + 1);
      await store.insert(transaction, { ...apiKey, secretHash });
      return entries;
    });
  }

  return {
    async create(input, caller) {
      const nowMs = clock();
      const { name, owner, roles, expiresAtMs } = parse(input, caller.viewer, nowMs);
      const secret = randomBytes(API_KEY_SECRET_BYTES);
      const apiKey: ApiKey = {
        id: newId(),
        name,
        owner,
        roles,
        createdAtMs: nowMs,
        createdBy: caller.viewer.subject,
        expiresAtMs,
        lastUsedAtMs: null,
        revokedAtMs: null,
        revokedBy: null,
      };
      auditLog.committed(await insert(apiKey, hashSecret(secret).toString('hex'), caller));
      return { apiKey, key: formatApiKey({ id: apiKey.id, secret }) };
    },

    async revoke(id, reasonGiven, caller) {
      const reason = parseReason(reasonGiven);
      const [known] = await store.byIds([id]);
      if (!known) throw new NotFoundError(`expected the id of an API key, got ${id}`);
      const draft = draftAuditEntry(newId(), caller, {
        action: 'API_KEY_REVOKED',
        objectKind: 'API_KEY',
        objectId: id,
        objectName: known.name,
        reason,
      });
      const entries = await sql.begin(
        async (transaction): Promise<readonly AuditEntry[]> =>
          (await store.revoke(transaction, id, caller.viewer.subject, clock())) ? auditLog.append(transaction, [draft]) : [],
      );
      auditLog.committed(entries);
      const [revoked] = await store.byIds([id]);
      return revoked!;
    },

    byIds: store.byIds,
    stateOf: (apiKey) => apiKeyState(apiKey, clock()),
    page: (query, request) => store.page(query, request, clock()),
  };
}

/** @throws ValidationError */
function parse(input: ApiKeyInput, creator: Viewer, nowMs: number): ApiKeyInput & { readonly owner: string } {
  const name = input.name.trim();
  const owner = input.owner === null ? creator.subject : input.owner.trim();
  const roles = ROLES.filter((role) => input.roles.includes(role));
  const issues: (ValidationIssue | null)[] = [textIssue('name', name, 1, LONGEST_NAME), textIssue('owner', owner, 1, LONGEST_OWNER)];
  if (roles.length === 0) issues.push({ path: 'roles', message: 'expected at least one role, got none' });
  const beyond = PERMISSIONS.filter((permission) => isPermitted(roles, permission) && !isPermitted(creator.roles, permission));
  if (beyond.length > 0) {
    issues.push({ path: 'roles', message: `expected roles that permit no more than your own, got ones that permit ${beyond.join(', ')}` });
  }
  const { expiresAtMs } = input;
  issues.push(expiryIssue('expiresAt', expiresAtMs, nowMs));
  const found = issues.filter((issue) => issue !== null);
  if (found.length > 0) throw new ValidationError(found);
  return { name, owner, roles, expiresAtMs };
}
