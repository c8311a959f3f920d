import type { GraphQLErrorShape } from './graphql-result.ts';

/** Codes of errors that are not the operation's fault. */
const PASSING: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'SUBSCRIBER_TOO_SLOW']);

/** Whether the same operation may well succeed later: the server was in trouble, or the subscriber too slow. */
export function isPassingError(errors: readonly GraphQLErrorShape[]): boolean {
  return errors.length > 0 && errors.every((error) => PASSING.has(error.extensions?.code));
}
