import type { Loaders } from '../loaders/loaders.ts';
import type { GraphQLContext, GraphQLServices } from '../schema/context.ts';

export interface GraphQLContextDeps {
  readonly services: GraphQLServices;
  readonly newLoaders: () => Loaders;
}

/** What resolvers see of one operation, or of one event of a subscription. */
export function createGraphQLContext({
  services,
  newLoaders,
}: GraphQLContextDeps): (requestId: string, resumeAfter?: string | null) => GraphQLContext {
  return (requestId, resumeAfter = null) => {
    // Made when first asked for: most operations load nothing.
    let loaders: Loaders | null = null;
    return {
      requestId,
      services,
      resumeAfter,
      get loaders() {
        loaders ??= newLoaders();
        return loaders;
      },
      renewLoaders() {
        loaders = null;
      },
    };
  };
}
