import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Viewer } from '../domain/access/viewer.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import { useValidationErrors } from './client-error.ts';
import { createCorsOptions } from './cors-options.ts';
import type { NewGraphQLContext } from './graphql-context.ts';
import { useJsonRequests } from './json-requests.ts';
import { type OperationLimits, useOperationLimits } from './limits/use-operation-limits.ts';
import { createErrorMask } from './mask-error.ts';
import type { OperationMetrics } from './operation-metrics.ts';
import { requestContext } from './request-context.ts';
import type { RequestViewer } from './request-viewer.ts';
import { useSimpleRequests } from './simple-requests.ts';
import type { EventConnections } from './sse/event-connections.ts';
import { createEventStreamPlugins } from './sse/event-streams.ts';
import { UnconditionalSubscriptionRule } from './unconditional-subscription-rule.ts';

export const GRAPHQL_PATH = '/graphql';
/** Often enough that proxies, which commonly cut after 60 s without traffic, keep an event stream, and that its client soon knows that it is lost. */
const EVENTS_KEEP_ALIVE_MS = 12_000;

export interface GraphQLEndpointDeps {
  readonly newContext: NewGraphQLContext;
  readonly requestViewer: RequestViewer;
  readonly operationMetrics: OperationMetrics;
  readonly eventConnections: EventConnections;
  readonly log: Logger;
  readonly newId: () => string;
  /** Origins that browsers may call from; empty: the same origin only. */
  readonly corsOrigins: readonly string[];
  readonly introspection: boolean;
  readonly operationLimits: OperationLimits;
  /** Rows of a page when none are asked for. */
  readonly defaultPageSize: number;
  /** Longest request body that is read, bytes. */
  readonly bodyLimitBytes: number;
}

/** What a transport other than HTTP tells of an operation. */
export interface TransportContext {
  readonly viewer?: Viewer;
}

export type GraphQLEndpoint = YogaServerInstance<TransportContext, GraphQLContext>;

/** The one pipeline every operation goes through, whatever its transport. */
export function createGraphQLEndpoint(deps: GraphQLEndpointDeps): GraphQLEndpoint {
  const {
    newContext,
    requestViewer,
    operationMetrics,
    eventConnections,
    log,
    newId,
    corsOrigins,
    introspection,
    bodyLimitBytes,
    operationLimits,
    defaultPageSize,
  } = deps;
  const maskError = createErrorMask({ log });
  const plugins: Plugin[] = [
    useSimpleRequests({ corsOrigins }),
    useJsonRequests({ bodyLimitBytes }),
    operationMetrics.plugin,
    useOperationLimits({ limits: operationLimits, defaultPageSize }),
    useValidationErrors(),
    ...createEventStreamPlugins({ connections: eventConnections, requestViewer, maskError, keepAliveMs: EVENTS_KEEP_ALIVE_MS }),
  ];
  plugins.push({ onValidate: ({ addValidationRule }) => addValidationRule(UnconditionalSubscriptionRule) });
  if (corsOrigins.length > 0) plugins.push(useVaryOrigin());
  if (!introspection) plugins.push({ onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) });

  return createYoga<TransportContext, GraphQLContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    graphiql: false,
    landingPage: false,
    cors: corsOrigins.length === 0 ? false : createCorsOptions(corsOrigins),
    multipart: false,
    // The reader of requests has its own.
    maxRequestBodySize: false,
    maskedErrors: { maskError },
    logging: false,
    plugins,
    context: async ({ request, viewer }) =>
      newContext({
        requestId: requestContext.getStore()?.requestId ?? newId(),
        // Over WebSocket it is known since the connection was opened.
        viewer: viewer ?? (await requestViewer(request)),
        resumeAfter: lastEventIdOf(request),
      }),
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
