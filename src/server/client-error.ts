import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { redactCredentials } from './logging/redact-credentials.ts';
import { requestContext } from './request-context.ts';

/**
 * An error that GraphQL itself or the transport found in what the client sent, with the code it has, or else the given one, and the id of the request. A copy: errors
 * of parsing and validation are kept with their documents, for requests to come.
 */
export function toClientError(error: GraphQLError, code = codeOf(error)): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error;
  const { requestId, overHttp = false } = requestContext.getStore() ?? {};
  const { http, ...ofApi } = extensions;
  // GraphQL repeats what it does not understand; an answer may be kept where a credential must not be.
  return new GraphQLError(redactCredentials(message), {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...ofApi, ...(overHttp && http !== undefined && { http }), code: ofApi.code ?? code, requestId },
  });
}

/** Validation answers with its errors instead of throwing them, past the error mask. */
export function useValidationErrors(): Plugin {
  return {
    onValidate: () => {
      return ({ result, setResult }) => {
        const errors = result as readonly GraphQLError[];
        if (errors.length > 0) setResult(errors.map((error) => toClientError(error, 'GRAPHQL_VALIDATION_FAILED')));
      };
    },
  };
}

function codeOf({ nodes, source, path }: GraphQLError): string {
  // A document that cannot be parsed has no nodes to point at.
  if (nodes === undefined && source !== undefined) return 'GRAPHQL_PARSE_FAILED';
  if (nodes === undefined && path === undefined) return 'OPERATION_RESOLUTION_FAILURE';
  return 'BAD_USER_INPUT';
}
