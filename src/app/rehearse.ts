import { Registry } from 'prom-client';
import { LOCAL_ADMIN } from '../domain/access/viewer.ts';
import { Loaders } from '../loaders/loaders.ts';
import type { GraphQLServices } from '../schema/context.ts';
import { EXAMPLE_OPERATIONS } from '../server/example-operations.ts';
import { createGraphQLContext } from '../server/graphql-context.ts';
import { createGraphQLEndpoint, type GraphQLEndpointDeps } from '../server/graphql-endpoint.ts';
import { createPersistedDocuments } from '../server/limits/persisted-documents.ts';
import { createOperationMetrics } from '../server/operation-metrics.ts';
import { rehearseOperations } from '../server/rehearse-operations.ts';
import { createAdmission } from '../services/limits/admission.ts';
import { createRateLimiter } from '../services/limits/rate-limiter.ts';
import type { Wiring } from './wiring.ts';

/** A database that is slow is not waited for: whoever asks first then waits as everybody after them does. */
const LONGEST_MS = 2_000;
/** Between them they go through pages, history and analytics; what others add to that is short. */
const REHEARSED = new Set(['BestResults', 'PriceHistory', 'UnderlyingAnalytics']);

/** Carries out examples by an endpoint as the one that will be served. @throws the reason of `starting` */
export async function rehearse(
  { deps: { now }, starting, component }: Wiring,
  services: GraphQLServices,
  served: Omit<GraphQLEndpointDeps, 'newContext'>,
): Promise<void> {
  const limitsOf = () => served.greatestLimits;
  const admission = createAdmission({ limitsOf, rateLimiter: createRateLimiter({ shared: null, now }), maximumSockets: 1 });
  const log = component('rehearsal');
  const endpoint = createGraphQLEndpoint({
    ...served,
    newContext: createGraphQLContext({ services, limitsOf, admission, newLoaders: () => new Loaders(services) }),
    requestViewer: async () => LOCAL_ADMIN,
    operationMetrics: createOperationMetrics(new Registry()),
    log: log.child({}, { level: 'silent' }),
    limitsOf,
    admission,
    onLimitExceeded: () => {},
    persistedDocuments: createPersistedDocuments({ documents: new Map(), isOnly: false }),
  });
  try {
    const queries = EXAMPLE_OPERATIONS.filter(({ name }) => REHEARSED.has(name)).map(({ query }) => query);
    const answers = await rehearseOperations(queries, { endpoint, signal: AbortSignal.any([starting, AbortSignal.timeout(LONGEST_MS)]) });
    const failed = answers.filter((answer) => answer.includes('"errors":'));
    // What they fail with is for those who ask for it.
    log.debug({ queries: answers.length, failed: failed.length }, 'the first operations are rehearsed');
  } catch (error) {
    starting.throwIfAborted();
    log.debug({ err: error }, 'the first operations will take longer');
  }
}
