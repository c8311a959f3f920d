import type { Config } from '../config/config.ts';
import type { LimitPolicy, Limits } from '../domain/limits/limit-policy.ts';

/** Programs of this machine share one name, and whoever runs them can stop the server anyway: what is left is a guard against mistakes. */
const OF_LOCAL: Partial<Limits> = {
  operationsPerSecond: 100_000,
  burst: 200_000,
  concurrentOperations: 10_000,
  subscriptionsPerSocket: 10_000,
  subscriptions: 1_000_000,
  sockets: 100_000,
  exportRows: 1_000_000_000,
};

/** What viewers are granted, as configured. */
export function limitPolicy({ server, database, graphql, limits }: Config): LimitPolicy {
  const { operationsPerSecond, burst, concurrentOperations, subscriptionsPerSocket, subscriptions, sockets, batchSize, exportRows, roles } =
    limits;
  return {
    defaults: {
      bodyBytes: server.bodyLimitBytes,
      tokens: graphql.maximumTokens,
      depth: graphql.maximumDepth,
      aliases: graphql.maximumAliases,
      directives: graphql.maximumDirectives,
      rootFields: graphql.maximumRootFields,
      batchSize,
      pageSize: graphql.maximumPageSize,
      exportRows,
      cost: graphql.maximumCost,
      operationsPerSecond,
      burst,
      concurrentOperations,
      subscriptionsPerSocket,
      subscriptions,
      sockets,
      statementTimeoutMs: database.statementTimeoutMs,
      introspection: graphql.introspection,
    },
    roles: { ...roles, LOCAL: { ...OF_LOCAL, ...roles.LOCAL } },
  };
}
