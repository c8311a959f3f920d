import { textIssue } from '../domain/errors/text-issue.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { AuditEntryFilterInput, type AuditEntryFilterShape, AuditEntryRef } from '../schema/audit-entry.ts';
import { storedObjectIds } from '../schema/audit-object-id.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { type AuditEntryQuery, auditEntryCursor } from '../services/access/audit-entry-store.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';

/** Longer subjects and ids are nobody's. */
const LONGEST_NAME = 512;

builder.queryFields((t) => ({
  auditEntries: t.connection({
    type: AuditEntryRef,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'The audit trail: who did what, newest first.',
    args: { filter: t.arg({ type: AuditEntryFilterInput, description: 'Which entries.' }) },
    resolve: async (_root, { filter, ...paging }, { services }) =>
      toConnection(await services.auditEntries.page(parseFilter(filter), parsePageRequest(paging, services.pageLimits)), auditEntryCursor),
  }),
}));

/** @throws ValidationError */
function parseFilter(filter: AuditEntryFilterShape | null | undefined): AuditEntryQuery {
  const { actors, actions, objectKinds, objectIds, at } = filter ?? {};
  const ids = objectIds?.map(String);
  const issues = [...namesIssues('filter.actors', actors), ...namesIssues('filter.objectIds', ids)];
  if (issues.length > 0) throw new ValidationError(issues);
  return {
    actors: actors ?? undefined,
    actions: actions ?? undefined,
    objectKinds: objectKinds ?? undefined,
    objectIds: ids?.flatMap(storedObjectIds),
    ...parseDateTimeRange(at, 'filter.at'),
  };
}

function namesIssues(path: string, names: readonly string[] | null | undefined) {
  return (names ?? []).map((name, index) => textIssue(`${path}.${index}`, name, 1, LONGEST_NAME)).filter((issue) => issue !== null);
}
