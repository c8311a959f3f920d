import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** A masked error as clients get it. Yoga notes in one which status it would have as the only answer over HTTP, and takes that out of HTTP answers itself. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http: _http, ...extensions } = {}, ...rest } = error.toJSON();
  return Object.keys(extensions).length > 0 ? { ...rest, extensions } : rest;
}
