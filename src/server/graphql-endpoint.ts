import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Viewer } from '../domain/access/viewer.ts';
import type { Limits } from '../domain/limits/limit-policy.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import type { Session } from '../services/access/session.ts';
import type { Admission } from '../services/limits/admission.ts';
import type { LimitsOf } from '../services/limits/viewer-limits.ts';
import { useAddressParameters } from './address-parameters.ts';
import { useValidationErrors } from './client-error.ts';
import { createCorsOptions } from './cors-options.ts';
import { createDocumentCache } from './document-cache.ts';
import type { NewGraphQLContext } from './graphql-context.ts';
import { useJsonRequests } from './json-requests.ts';
import { type PersistedDocuments, usePersistedDocuments } from './limits/persisted-documents.ts';
import { createRequestAdmission } from './limits/request-admission.ts';
import { useNestingLimit } from './limits/use-nesting-limit.ts';
import { useOperationSize } from './limits/use-operation-size.ts';
import { useRunningOperations } from './limits/use-running-operations.ts';
import { createErrorMask } from './mask-error.ts';
import { useNotAcceptable } from './not-acceptable.ts';
import type { OperationMetrics } from './operation-metrics.ts';
import { requestContext } from './request-context.ts';
import type { RequestViewer } from './request-viewer.ts';
import { useSimpleRequests } from './simple-requests.ts';
import type { EventConnection } from './sse/event-connection.ts';
import type { EventConnections } from './sse/event-connections.ts';
import type { OpenEventSession } from './sse/event-session.ts';
import { createEventStreamPlugins } from './sse/event-streams.ts';
import { UnconditionalSubscriptionRule } from './unconditional-subscription-rule.ts';
import { useLongAnswers } from './use-long-answers.ts';
import { useStatementScope } from './use-statement-scope.ts';
import { useTextAnswers } from './use-text-answers.ts';

export const GRAPHQL_PATH = '/graphql';
/** Often enough that proxies, which commonly cut after 60 s without traffic, keep an event stream, and that its client soon knows that it is lost. */
const EVENTS_KEEP_ALIVE_MS = 12_000;

export interface GraphQLEndpointDeps {
  readonly newContext: NewGraphQLContext;
  readonly requestViewer: RequestViewer;
  readonly operationMetrics: OperationMetrics;
  readonly eventConnections: EventConnections;
  readonly openSession: OpenEventSession;
  readonly log: Logger;
  readonly newId: () => string;
  /** Origins that browsers may call from; empty: the same origin only. */
  readonly corsOrigins: readonly string[];
  readonly limitsOf: LimitsOf;
  /** What the most generous limits have. */
  readonly greatestLimits: Limits;
  readonly admission: Admission;
  /** Called once for each refusal, with the name of the limit. */
  readonly onLimitExceeded: (limit: string) => void;
  readonly persistedDocuments: PersistedDocuments;
  /** Rows of a page when none are asked for and as many are granted. */
  readonly defaultPageSize: number;
}

/** What a transport other than HTTP tells of an operation. */
export interface TransportContext {
  readonly viewer?: Viewer;
  readonly session?: Session;
  /** Fires when the client does not want the answer any more. */
  readonly signal?: AbortSignal;
}

export type GraphQLEndpoint = YogaServerInstance<TransportContext, GraphQLContext>;

/** The one pipeline every operation goes through, whatever its transport. */
export function createGraphQLEndpoint(deps: GraphQLEndpointDeps): GraphQLEndpoint {
  const {
    newContext,
    requestViewer,
    operationMetrics,
    eventConnections,
    openSession,
    log,
    newId,
    corsOrigins,
    limitsOf,
    greatestLimits,
    admission,
    onLimitExceeded,
    persistedDocuments,
    defaultPageSize,
  } = deps;
  const maskError = createErrorMask({ log, onLimitExceeded });
  const requestAdmission = createRequestAdmission({ admission, limitsOf, requestViewer });
  /** Requests whose operations are answered in an event stream for many. */
  const attached = new WeakMap<Request, EventConnection>();
  /** Of those: fires when the client completes the operation or closes the stream before it is answered. */
  const beginning = new WeakMap<Request, AbortSignal>();
  const plugins: Plugin[] = [
    useSimpleRequests({ corsOrigins }),
    requestAdmission.plugin,
    useJsonRequests({ admission: requestAdmission }),
    useAddressParameters(),
    useNotAcceptable(),
    usePersistedDocuments(persistedDocuments),
    operationMetrics.plugin,
    useOperationSize({
      limitsOf: (context) => {
        const { viewer, request } = context as { viewer?: Viewer; request: Request };
        return viewer ? limitsOf(viewer) : requestAdmission.limitsOf(request);
      },
      greatestTokens: greatestLimits.tokens,
      defaultPageSize,
    }),
    // Around the parsing of the other.
    useNestingLimit(),
    useValidationErrors(),
    ...createEventStreamPlugins({
      connections: eventConnections,
      attached,
      beginning,
      admission,
      requestViewer,
      openSession,
      maskError,
      keepAliveMs: EVENTS_KEEP_ALIVE_MS,
    }),
    useStatementScope({
      statementTimeoutOf: (viewer) => limitsOf(viewer).statementTimeoutMs,
      eventStreamSignal: (request) => beginning.get(request),
    }),
    // Behind the one that subscribes.
    useRunningOperations({
      admission,
      maskError,
      isBatch: requestAdmission.isBatch,
      eventConnectionOf: (request) => attached.get(request) ?? null,
    }),
    useLongAnswers(),
  ];
  plugins.push({ onValidate: ({ addValidationRule }) => addValidationRule(UnconditionalSubscriptionRule) });
  if (corsOrigins.length > 0) plugins.push(useVaryOrigin());
  plugins.push(useTextAnswers());

  return createYoga<TransportContext, GraphQLContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    graphiql: false,
    landingPage: false,
    cors: corsOrigins.length === 0 ? false : createCorsOptions(corsOrigins),
    multipart: false,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    // Refused by the reader of requests, to those who are granted fewer.
    batching: { limit: greatestLimits.batchSize },
    extraParamNames: ['documentId'],
    // The reader of requests has its own.
    maxRequestBodySize: false,
    maskedErrors: { maskError },
    logging: false,
    plugins,
    context: ({ request, viewer, session }) => {
      const contextOf = (known: Viewer) =>
        newContext({
          requestId: requestContext.getStore()?.requestId ?? newId(),
          viewer: known,
          resumeAfter: lastEventIdOf(request),
          session: session ?? (request ? attached.get(request)?.session : null) ?? null,
        });
      // Over WebSocket it is known since the connection was opened, over HTTP since the request was admitted.
      const known = viewer ?? requestAdmission.viewerOf(request);
      return known ? contextOf(known) : requestViewer(request).then(contextOf);
    },
  });
}

/** The id of the last event a client got: a browser sends it when it opens the same address again, a page that opens another address says it there. */
function lastEventIdOf(request: Request | undefined): string | null {
  if (!request) return null;
  const header = request.headers.get('last-event-id');
  if (header) return header;
  if (request.method !== 'GET' || !request.url.includes('lastEventId=')) return null;
  return new URL(request.url, 'http://localhost').searchParams.get('lastEventId') || null;
}

/** Answers differ by origin, with or without CORS headers: caches must not give one origin what was made for another. Yoga says so for some of them only. */
function useVaryOrigin(): Plugin {
  return {
    onResponse({ response }) {
      if (!/\borigin\b/i.test(response.headers.get('vary') ?? '')) response.headers.append('vary', 'Origin');
    },
  };
}
