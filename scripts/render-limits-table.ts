import { LIMIT_NAMES, LIMITS } from '../src/domain/limits/limit-policy.ts';

/** Settings whose values are the limits of roles that have none of their own. */
const DEFAULTS: Readonly<Record<(typeof LIMIT_NAMES)[number], string>> = {
  bodyBytes: 'HTTP_BODY_LIMIT_BYTES',
  tokens: 'GRAPHQL_MAXIMUM_TOKENS',
  depth: 'GRAPHQL_MAXIMUM_DEPTH',
  aliases: 'GRAPHQL_MAXIMUM_ALIASES',
  directives: 'GRAPHQL_MAXIMUM_DIRECTIVES',
  rootFields: 'GRAPHQL_MAXIMUM_ROOT_FIELDS',
  batchSize: 'LIMITS_BATCH_SIZE',
  pageSize: 'GRAPHQL_MAXIMUM_PAGE_SIZE',
  exportRows: 'LIMITS_EXPORT_ROWS',
  cost: 'GRAPHQL_MAXIMUM_COST',
  operationsPerSecond: 'LIMITS_OPERATIONS_PER_SECOND',
  burst: 'LIMITS_BURST',
  concurrentOperations: 'LIMITS_CONCURRENT_OPERATIONS',
  subscriptionsPerSocket: 'LIMITS_SUBSCRIPTIONS_PER_SOCKET',
  subscriptions: 'LIMITS_SUBSCRIPTIONS',
  sockets: 'LIMITS_SOCKETS',
  statementTimeoutMs: 'DATABASE_STATEMENT_TIMEOUT_MS',
};

/** What a role can be granted, as a Markdown table. */
export function renderLimitsTable(): string {
  const rows = LIMIT_NAMES.map((name) => {
    const { unit, least, greatest, description } = LIMITS[name];
    return `| \`${name}\` | ${unit} | ${least} to ${greatest} | \`${DEFAULTS[name]}\` | ${description} |`;
  });
  return [
    '| limit | unit | may be | default | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '| `introspection` | | true or false | `GRAPHQL_INTROSPECTION` | Whether the schema is told. |',
  ].join('\n');
}
