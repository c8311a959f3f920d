import type { GraphQLSchema } from 'graphql';
import type { Permission } from '../domain/access/permission.ts';

export interface RootPermission {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly field: string;
  readonly permission: Permission;
}

/** What each root field demands of its caller. @throws Error when one demands nothing: then it would be open to everybody */
export function rootPermissions(schema: GraphQLSchema): RootPermission[] {
  const types = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() } as const;
  return Object.entries(types).flatMap(([operation, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      const options = field.extensions.pothosOptions as { authScopes?: { permission?: Permission } } | undefined;
      const permission = options?.authScopes?.permission;
      if (permission === undefined)
        throw new Error(`expected the field ${type!.name}.${field.name} to demand a permission (authScopes), got none`);
      return { operation: operation as RootPermission['operation'], field: field.name, permission };
    }),
  );
}
