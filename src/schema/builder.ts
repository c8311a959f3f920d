import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { GraphQLResolveInfo } from 'graphql';
import { JSONResolver, NonNegativeIntResolver } from 'graphql-scalars';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { isPermitted, type Permission } from '../domain/access/permission.ts';
import type { GraphQLContext } from './context.ts';
import { DateScalar } from './date-scalar.ts';
import { DateTimeScalar } from './date-time-scalar.ts';
import { decodeGlobalId } from './decode-global-id.ts';

export const builder = new SchemaBuilder<{
  Context: GraphQLContext;
  AuthScopes: { permission: Permission };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    Date: { Input: Date; Output: string };
    NonNegativeInt: { Input: number; Output: number };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  // The first sees a field last: who may not call it gets no result union but an error.
  plugins: [ScopeAuthPlugin, ErrorsPlugin, RelayPlugin],
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({ permission: (permission) => isPermitted(viewer.roles, permission) }),
    unauthorizedError: (_parent, { viewer }, info) => ForbiddenError.lacking(permissionOf(info), viewer),
  },
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  relay: {
    decodeGlobalID: decodeGlobalId,
    edgesFieldOptions: { nullable: false, description: 'The rows of this page, each with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The row.' },
    cursorFieldOptions: { description: 'Opaque position of this row, for `after` and `before`.' },
    pageInfoFieldOptions: { description: 'Where this page lies.' },
    firstArgOptions: { description: 'Page forward: the number of rows from the beginning or behind `after`.' },
    afterArgOptions: { description: 'Cursor of the row in front of the page.' },
    lastArgOptions: { description: 'Page backward: the number of rows from the end or in front of `before`.' },
    beforeArgOptions: { description: 'Cursor of the row behind the page.' },
    hasNextPageFieldOptions: { description: 'Whether rows follow.' },
    hasPreviousPageFieldOptions: { description: 'Whether rows precede.' },
    startCursorFieldOptions: { description: 'Cursor of the first row; null in an empty page.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null in an empty page.' },
    nodeTypeOptions: { description: 'Anything with a global id.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    nodeQueryOptions: { authScopes: { permission: 'SESSION' }, description: 'The thing with this global id; null when there is none.' },
    nodesQueryOptions: {
      authScopes: { permission: 'SESSION' },
      description: 'The things with these global ids, in their order; null where there is none.',
    },
  },
});

builder.addScalarType('DateTime', DateTimeScalar);
builder.addScalarType('Date', DateScalar);
builder.addScalarType('NonNegativeInt', NonNegativeIntResolver);
builder.addScalarType('JSON', JSONResolver);

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({ description: 'Everything that can be changed. Expected failures are members of the result union, not errors.' });
builder.subscriptionType({
  description:
    'Everything that is pushed, over WebSocket (graphql-transport-ws) or server-sent events. What can be subscribed to can be queried.',
});

/** What a root field demands. */
function permissionOf({ parentType, fieldName }: GraphQLResolveInfo): Permission {
  const options = parentType.getFields()[fieldName]!.extensions.pothosOptions as { authScopes: { permission: Permission } };
  return options.authScopes.permission;
}
