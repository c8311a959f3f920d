import type { GraphQLErrorShape } from './graphql-result.ts';

/**
 * Whether an operation ended because the server ends the connection next, for a reason that a new connection may not have: the token has expired, or an administrator has
 * ended this connection. What becomes of the operation is decided when the connection is gone.
 */
export function endsConnection(errors: readonly GraphQLErrorShape[]): boolean {
  return (
    errors.length > 0 &&
    errors.every(({ extensions }) =>
      extensions?.code === 'UNAUTHENTICATED' ? extensions.failure === 'EXPIRED' : extensions?.code === 'CONNECTION_TERMINATED',
    )
  );
}
