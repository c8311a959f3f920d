import type { Viewer } from '../domain/access/viewer.ts';
import type { Limits } from '../domain/limits/limit-policy.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { GraphQLContext, GraphQLServices } from '../schema/context.ts';
import type { Session } from '../services/access/session.ts';
import type { Admission } from '../services/limits/admission.ts';
import type { LimitsOf } from '../services/limits/viewer-limits.ts';
import type { PageLimits } from '../services/paging/page-request.ts';

export interface GraphQLContextDeps {
  /** As the most generous limits have them. */
  readonly services: GraphQLServices;
  readonly limitsOf: LimitsOf;
  readonly admission: Pick<Admission, 'left'>;
  readonly newLoaders: () => Loaders;
}

/** What is particular to one operation. */
export interface OperationFacts {
  readonly requestId: string;
  readonly viewer: Viewer;
  /** Cursor told outside of the operation; see GraphQLContext. */
  readonly resumeAfter?: string | null;
  /** The connection it came over, when that lasts. */
  readonly session?: Session | null;
}

export type NewGraphQLContext = (facts: OperationFacts) => GraphQLContext;

/** What resolvers see of one operation, or of one event of a subscription. */
export function createGraphQLContext({ services, limitsOf, admission, newLoaders }: GraphQLContextDeps): NewGraphQLContext {
  const servicesWithin = new Map<Limits, GraphQLServices>();

  /** The same object for the same limits: one is asked for with every event. */
  function servicesOf(limits: Limits): GraphQLServices {
    let known = servicesWithin.get(limits);
    if (!known) {
      known = { ...services, pageLimits: pageLimitsWithin(services.pageLimits, limits) };
      servicesWithin.set(limits, known);
    }
    return known;
  }

  return ({ requestId, viewer, resumeAfter = null, session = null }) => {
    const limits = limitsOf(viewer);
    return {
      requestId,
      viewer,
      limits,
      rateLeft: () => admission.left(viewer),
      services: servicesOf(limits),
      resumeAfter,
      session,
      loaders: newLoaders(),
    };
  };
}

function pageLimitsWithin({ defaultSize }: PageLimits, { pageSize }: Limits): PageLimits {
  return { defaultSize: Math.min(defaultSize, pageSize), maximumSize: pageSize };
}
