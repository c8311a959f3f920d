import type { Viewer } from '../domain/access/viewer.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { GraphQLContext, GraphQLServices } from '../schema/context.ts';

export interface GraphQLContextDeps {
  readonly services: GraphQLServices;
  readonly newLoaders: () => Loaders;
}

/** What is particular to one operation. */
export interface OperationFacts {
  readonly requestId: string;
  readonly viewer: Viewer;
  /** Cursor told outside of the operation; see GraphQLContext. */
  readonly resumeAfter?: string | null;
}

export type NewGraphQLContext = (facts: OperationFacts) => GraphQLContext;

/** What resolvers see of one operation, or of one event of a subscription. */
export function createGraphQLContext({ services, newLoaders }: GraphQLContextDeps): NewGraphQLContext {
  return ({ requestId, viewer, resumeAfter = null }) => ({ requestId, viewer, services, resumeAfter, loaders: newLoaders() });
}
