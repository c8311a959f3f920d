import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Logger } from 'pino';
import { AuthenticationError } from '../domain/access/authentication-error.ts';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { DomainError } from '../domain/errors/domain-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { OperationCancelledError } from '../domain/errors/operation-cancelled-error.ts';
import { StatementTimeoutError } from '../domain/errors/statement-timeout-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { withApiPaths } from '../schema/api-issues.ts';
import { toClientError } from './client-error.ts';
import { requestContext } from './request-context.ts';

export interface ErrorMaskDeps {
  readonly log: Logger;
  /** Called once for each error, with the name of the limit. */
  readonly onLimitExceeded?: (limit: string) => void;
}

/** Limits that are not about a request as a whole have no status. `spec`: as GraphQL over HTTP has it for documents that are refused, 200 where the client knows no better. */
const LIMIT_STATUS: Readonly<Record<string, { readonly status: number; readonly spec?: true }>> = {
  bodyBytes: { status: 413 },
  batchSize: { status: 400 },
  tokens: { status: 400, spec: true },
  depth: { status: 400, spec: true },
  aliases: { status: 400, spec: true },
  directives: { status: 400, spec: true },
  rootFields: { status: 400, spec: true },
  cost: { status: 400, spec: true },
  exportRows: { status: 400 },
  operationsPerSecond: { status: 429 },
  concurrentOperations: { status: 429 },
  subscriptionsPerSocket: { status: 429 },
  subscriptions: { status: 429 },
  sockets: { status: 429 },
  maximumSockets: { status: 429 },
};

/** Where errors leave the server, on every transport: expected ones say what was expected, all others say nothing but their request id and are logged. */
export function createErrorMask({ log, onLimitExceeded = () => {} }: ErrorMaskDeps): (error: unknown) => GraphQLError {
  return (error) => {
    const cause = withoutWrapping(error instanceof GraphQLError ? error.originalError : error);
    // Syntax, variables, global ids: GraphQL's own, made for clients. An error that failed on its way out comes here once more.
    if (error instanceof GraphQLError && (cause === undefined || cause === null || cause instanceof GraphQLError)) {
      return isMasked(error) ? error : toClientError(error);
    }
    const place: GraphQLErrorOptions = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
    if (cause instanceof DomainError) {
      if (cause instanceof LimitExceededError) onLimitExceeded(cause.limit);
      const expected = cause instanceof ValidationError ? withApiPaths(cause) : cause;
      return new GraphQLError(expected.message, { ...place, extensions: extensionsOf(expected) });
    }
    const requestId = requestContext.getStore()?.requestId;
    log.error({ err: cause, requestId, path: place.path }, 'unexpected error in an operation');
    return new GraphQLError('Unexpected error.', { ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } });
  };
}

/** Drizzle wraps what its client fails with. */
function withoutWrapping(error: unknown): unknown {
  const inner = error instanceof Error ? error.cause : null;
  return inner instanceof StatementTimeoutError || inner instanceof OperationCancelledError ? inner : error;
}

function isMasked({ extensions }: GraphQLError): boolean {
  return extensions.code !== undefined && extensions.requestId !== undefined;
}

function extensionsOf(error: DomainError): Record<string, unknown> {
  const requestId = requestContext.getStore()?.requestId;
  const details =
    error instanceof ValidationError
      ? { issues: error.issues }
      : error instanceof LimitExceededError
        ? limitDetails(error)
        : error instanceof AuthenticationError
          ? // Yoga answers HTTP requests with this and takes it out.
            { failure: error.failure, http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } }
          : error instanceof ForbiddenError
            ? { permission: error.permission }
            : error instanceof StatementTimeoutError
              ? { timeoutMs: error.timeoutMs }
              : {};
  return { code: error.code, ...details, requestId };
}

function limitDetails({ limit, allowed, requested, retryAfterMs }: LimitExceededError): Record<string, unknown> {
  // Yoga answers HTTP requests with it and takes it out.
  const http = requestContext.getStore()?.overHttp ? LIMIT_STATUS[limit] : undefined;
  const headers = {
    ...(retryAfterMs !== null && { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
    // The rest of the body is not worth waiting for.
    ...(limit === 'bodyBytes' && { connection: 'close' }),
  };
  return { limit, allowed, requested, ...(retryAfterMs !== null && { retryAfterMs }), ...(http && { http: { ...http, headers } }) };
}
