import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { StatementScope } from '../../db/statement-scope.ts';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import { requirePermission } from '../../domain/access/require-permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { OperationCancelledError } from '../../domain/errors/operation-cancelled-error.ts';
import type { Authenticator } from '../../services/access/authenticator.ts';
import type { Revocations } from '../../services/access/revocations.ts';
import type { Admission } from '../../services/limits/admission.ts';
import type { LimitsOf } from '../../services/limits/viewer-limits.ts';
import type { NewGraphQLContext } from '../graphql-context.ts';
import { createErrorMask } from '../mask-error.ts';
import { requestContext } from '../request-context.ts';
import { shownAuthorization } from '../shown-authorization.ts';
import { createSimpleRequestCheck, crossSiteRefusal } from '../simple-requests.ts';
import { allowOrigin } from './allow-origin.ts';
import { cutAnswer } from './cut-answer.ts';
import { EXPORT_FORMATS } from './export-format.ts';
import type { ExportMetrics, ExportOutcome } from './export-metrics.ts';
import { type ExportParameters, parseExportParameters } from './export-parameters.ts';
import type { ExportQuery, ExportSource } from './export-source.ts';
import { StalledReaderError } from './stalled-reader-error.ts';
import { writeExport } from './write-export.ts';

export const EXPORT_PATH = '/export';

export interface ExportEndpointDeps {
  readonly sources: readonly ExportSource[];
  readonly authenticator: Authenticator;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly limitsOf: LimitsOf;
  readonly admission: Admission;
  readonly newContext: NewGraphQLContext;
  readonly metrics: ExportMetrics;
  readonly log: Logger;
  readonly onLimitExceeded: (limit: string) => void;
  readonly corsOrigins: readonly string[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Longest that a client may take nothing, milliseconds. */
  readonly stallMs: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface ExportEndpoint {
  /** By path. They answer GET, HEAD and OPTIONS. */
  readonly routes: ReadonlyMap<string, Handler>;
  /** Cuts what runs: clients go on elsewhere from their last row. */
  stop(): void;
}

/** The status of what is refused for other reasons than its limit or its authentication, by code. */
const STATUS: Readonly<Record<string, number>> = {
  VALIDATION_FAILED: 400,
  MALFORMED_CURSOR: 400,
  BAD_USER_INPUT: 400,
  FORBIDDEN: 403,
  LIMIT_EXCEEDED: 400,
  TIMEOUT: 503,
};

interface Asked {
  readonly viewer: Viewer;
  readonly parameters: ExportParameters;
  readonly query: ExportQuery;
  /** Most rows in all. */
  readonly rowLimit: number;
}

/** Streams what can be exported; what cannot be answered is refused as JSON, as GraphQL would say it. */
export function createExportEndpoint(deps: ExportEndpointDeps): ExportEndpoint {
  const { sources, authenticator, revocations, limitsOf, admission, newContext, metrics, log, clock, stallMs } = deps;
  const maskError = createErrorMask({ log, onLimitExceeded: deps.onLimitExceeded });
  const isTrusted = createSimpleRequestCheck(deps.corsOrigins);
  const running = new Set<ServerResponse>();
  let isStopping = false;

  /** Who asks, counted as an operation. */
  async function admit({ headers }: IncomingMessage): Promise<Viewer> {
    if (!isTrusted(new Headers(plainHeaders(headers)))) throw crossSiteRefusal();
    const viewer = await authenticator.authenticate(shownAuthorization(headers.authorization ?? null, textOf(headers['x-api-key'])));
    await admission.admit(viewer);
    return viewer;
  }

  function understand(source: ExportSource, viewer: Viewer, { url = '', headers }: IncomingMessage): Asked {
    requirePermission(viewer, source.permission);
    const parameters = parseExportParameters(new URL(url, 'http://localhost').searchParams, source.criteria, headers.accept);
    const { exportRows } = limitsOf(viewer);
    if (parameters.limit !== null && parameters.limit > exportRows)
      throw new LimitExceededError('rows in an export (limit)', exportRows, parameters.limit, { limit: 'exportRows' });
    return {
      viewer,
      parameters,
      query: source.prepare(parameters.criteria, parameters.columns),
      rowLimit: parameters.limit ?? exportRows,
    };
  }

  /** An export outlives what a token is good for. */
  function checkViewer(viewer: Viewer): void {
    revocations.check(viewer);
    if (viewer.expiresAtMs !== null && viewer.expiresAtMs <= clock())
      throw new AuthenticationError('EXPIRED', 'expected a token that is still good, got one that has expired meanwhile');
  }

  function writeHead(source: ExportSource, { parameters, rowLimit }: Asked, estimatedRows: number | null, response: ServerResponse): void {
    const { method, httpVersion } = response.req;
    response.writeHead(200, {
      'content-type': EXPORT_FORMATS[parameters.format].contentType,
      'content-disposition': `attachment; filename="${source.name}.${parameters.format}"`,
      'cache-control': 'no-store',
      // A proxy that takes all of it at once, nginx onto its disk, would hide how fast the client reads.
      'x-accel-buffering': 'no',
      'x-export-row-limit': String(rowLimit),
      ...(estimatedRows !== null && { 'x-total-count-estimate': String(estimatedRows) }),
      // Only what is sent in chunks can have one.
      ...(method === 'GET' && httpVersion === '1.1' && { trailer: 'x-export-rows, x-export-complete, x-export-cursor' }),
    });
  }

  async function answer(source: ExportSource, asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { viewer, query, parameters, rowLimit } = asked;
    const requestId = requestContext.getStore()?.requestId ?? '';
    const contextOf = () => {
      checkViewer(viewer);
      if (isStopping) throw new OperationCancelledError();
      return newContext({ requestId, viewer });
    };
    const estimatedRows = parameters.after === null && query.estimateRows ? await query.estimateRows(contextOf()) : null;
    if (request.method === 'HEAD') {
      writeHead(source, asked, estimatedRows, response);
      response.end();
      return;
    }
    let ended: (outcome: ExportOutcome) => void = () => {};
    try {
      await writeExport({
        query,
        parameters,
        // A viewer may be granted smaller pages.
        pageRows: Math.min(source.pageRows, limitsOf(viewer).pageSize),
        rowLimit,
        estimatedRows,
        newContext: contextOf,
        response,
        begin() {
          writeHead(source, asked, estimatedRows, response);
          ended = metrics.started(parameters.format);
        },
        stallMs,
        onWritten: metrics.wrote,
      });
      ended(response.writableFinished ? 'completed' : 'client_gone');
    } catch (error) {
      ended(outcomeOf(error));
      throw error;
    }
  }

  function outcomeOf(error: unknown): ExportOutcome {
    if (error instanceof StalledReaderError) return 'stalled';
    if (isStopping) return 'stopped';
    return isCancelled(error) ? 'client_gone' : 'failed';
  }

  function refuse(error: unknown, response: ServerResponse): void {
    if (response.headersSent || response.destroyed) {
      // The client can tell from the missing end that there is more, and go on from its last row.
      if (!isCancelled(error)) log.warn({ err: error, requestId: requestContext.getStore()?.requestId }, 'an export was cut off');
      cutAnswer(response);
      return;
    }
    const masked = maskError(error);
    const { http, ...extensions } = masked.extensions as { http?: { status: number; headers?: Record<string, string> }; code?: string };
    const status = http?.status ?? STATUS[extensions.code ?? ''] ?? 500;
    response.writeHead(status, { ...http?.headers, 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ errors: [{ message: masked.message, extensions }] }));
  }

  async function serve(source: ExportSource, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isPreflight = allowOrigin(request, response, deps.corsOrigins);
    if (isPreflight) return;
    const { socket } = request;
    let leave = () => {};
    let statements: StatementScope | null = null;
    const gone = () => statements?.cancel();
    response.once('close', gone);
    running.add(response);
    // The writer looks after it, and knows why nothing is sent.
    const idleMs = socket.timeout ?? 0;
    socket.setTimeout(0);
    try {
      const viewer = await admit(request);
      leave = admission.runOperation(viewer);
      const asked = understand(source, viewer, request);
      statements = new StatementScope(limitsOf(viewer).statementTimeoutMs);
      if (response.destroyed) statements.cancel();
      const context = { requestId: '', ...requestContext.getStore(), statements };
      await requestContext.run(context, () => answer(source, asked, request, response));
    } catch (error) {
      refuse(error, response);
    } finally {
      leave();
      running.delete(response);
      response.off('close', gone);
      if (!socket.destroyed) socket.setTimeout(idleMs);
    }
  }

  return {
    routes: new Map(
      sources.map((source) => [`${EXPORT_PATH}/${source.name}`, (request, response) => serve(source, request, response)] as const),
    ),
    stop() {
      isStopping = true;
      for (const response of running) cutAnswer(response);
    },
  };
}

/** The executor wraps what resolvers throw. */
function isCancelled(error: unknown): boolean {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof OperationCancelledError || (cause instanceof Error && cause.cause instanceof OperationCancelledError);
}

function plainHeaders(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
}

function textOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}
