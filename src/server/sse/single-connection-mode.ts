import { type ExecutionResult, GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { Admission } from '../../services/limits/admission.ts';
import { requestContext } from '../request-context.ts';
import type { RequestViewer } from '../request-viewer.ts';
import type { EventConnection, OperationResult } from './event-connection.ts';
import type { EventConnections } from './event-connections.ts';
import { createEventResponse, type EventTexts } from './event-response.ts';
import { eventStreamTokenOf } from './event-stream-token.ts';
import type { KeepAliveComments } from './keep-alive-comments.ts';
import type { ReaderBacklog } from './stream-positions.ts';

export interface SingleConnectionModeDeps {
  readonly connections: EventConnections;
  /** Filled with the requests whose operations are answered in a stream. */
  readonly attached: WeakMap<Request, EventConnection>;
  /** Filled with what tells that such an operation is over before it is answered. */
  readonly beginning: WeakMap<Request, AbortSignal>;
  readonly admission: Pick<Admission, 'admit' | 'openSocket'>;
  /** What waits for the reader of each request's subscription. */
  readonly backlogs: WeakMap<Request, ReaderBacklog>;
  readonly comments: KeepAliveComments;
  readonly requestViewer: RequestViewer;
  readonly maskError: (error: unknown) => GraphQLError;
}

/**
 * graphql-sse's mode with one event stream for all operations of a client: PUT asks for a stream and is answered with its token, GET or POST opens it, further requests
 * with `extensions.operationId` are accepted (202) and answered in the stream, DELETE completes one of them. All of them show who sends them, and the token is good for
 * the viewer only that asked for it.
 */
export function useSingleConnectionMode(deps: SingleConnectionModeDeps): Plugin {
  const { connections, attached, beginning, admission, backlogs, comments, requestViewer, maskError } = deps;
  const operations = new WeakMap<Request, AttachedOperation>();

  async function admitted(request: Request): Promise<Viewer> {
    const viewer = await requestViewer(request);
    await admission.admit(viewer);
    return viewer;
  }

  function open(
    token: string,
    connection: EventConnection,
    viewer: Viewer,
    { request, fetchAPI }: { request: Request; fetchAPI: FetchAPI },
  ): Response {
    let leave: () => void;
    try {
      leave = admission.openSocket(viewer);
    } catch (error) {
      return refuseWith(fetchAPI, maskError(error));
    }
    if (!connections.open(token)) {
      leave();
      return refuse(fetchAPI, 409, 'CONFLICT', 'expected to open an event stream once, got a second request');
    }
    const events: EventTexts = {
      next: connection.next,
      close() {
        connection.close();
        leave();
      },
    };
    return createEventResponse(events, request, { fetchAPI, comments });
  }

  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      const token = eventStreamTokenOf(request);
      const isOpening = token !== null && /\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '');
      if (request.method !== 'PUT' && request.method !== 'DELETE' && !isOpening) return;
      return admitted(request)
        .then((viewer) => {
          const connection = token === null ? null : connections.find(token, viewer);
          if (request.method === 'PUT') endResponse(reserve(connections, viewer, fetchAPI));
          else if (request.method === 'DELETE') endResponse(complete(connection, url, fetchAPI));
          else if (!connection) endResponse(refuse(fetchAPI, 404, 'NOT_FOUND', 'expected the token of an event stream, got another one'));
          else endResponse(open(token!, connection, viewer, { request, fetchAPI }));
        })
        .catch((error: unknown) => endResponse(refuseWith(fetchAPI, maskError(error))));
    },
    onParams({ request, params, setResult }) {
      const token = eventStreamTokenOf(request);
      if (token === null) return;
      return requestViewer(request).then(
        (viewer) => {
          const outcome = attach(connections.find(token, viewer), params.extensions?.operationId);
          if ('refused' in outcome) setResult(outcome.refused);
          else {
            operations.set(request, outcome);
            attached.set(request, outcome.connection);
            beginning.set(request, outcome.connection.beginning(outcome.id));
          }
        },
        (error: unknown) => setResult({ errors: [maskError(error)] }),
      );
    },
    onResultProcess({ request, result, setResultProcessor }) {
      const operation = operations.get(request);
      if (!operation) return;
      operations.delete(request);
      const { connection, id } = operation;
      if (isRefusal(result as OperationResult)) {
        connection.release(id);
        return;
      }
      setResultProcessor((_result, fetchAPI) => {
        connection.start(id, result as OperationResult, backlogs.get(request));
        return new fetchAPI.Response(null, { status: 202 });
      }, 'application/json');
    },
  };
}

function reserve(connections: EventConnections, viewer: Viewer, fetchApi: FetchAPI): Response {
  const token = connections.reserve(viewer);
  if (token === null)
    return refuse(
      fetchApi,
      503,
      'TOO_MANY_STREAMS',
      'expected event streams to be opened that were asked for before, got another request for one',
    );
  return new fetchApi.Response(token, {
    status: 201,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function complete(connection: EventConnection | null, url: URL, fetchApi: FetchAPI): Response {
  const operationId = url.searchParams.get('operationId');
  if (!connection) return refuse(fetchApi, 404, 'NOT_FOUND', 'expected the token of an event stream, got none or another one');
  if (!operationId) return refuse(fetchApi, 400, 'BAD_REQUEST', 'expected an operation id in the parameter operationId, got none');
  connection.complete(operationId);
  return new fetchApi.Response(null, { status: 200 });
}

interface AttachedOperation {
  readonly connection: EventConnection;
  readonly id: string;
}

function attach(connection: EventConnection | null, id: unknown): AttachedOperation | { readonly refused: ExecutionResult } {
  if (!connection) return { refused: refusal(404, 'NOT_FOUND', 'expected the token of an event stream, got another one') };
  if (typeof id !== 'string' || id === '')
    return { refused: refusal(400, 'BAD_REQUEST', 'expected an operation id in extensions.operationId, got none') };
  const outcome = connection.reserve(id);
  if (outcome === 'in use') return { refused: refusal(409, 'CONFLICT', 'expected an operation id that is not in use, got one that is') };
  if (outcome === 'too many') return { refused: refusal(429, 'TOO_MANY_OPERATIONS', 'expected fewer operations in one event stream') };
  return { connection, id };
}

/** Whether a request was refused as a whole. Mistakes in documents and errors of operations are answered in the stream. */
function isRefusal(result: OperationResult): boolean {
  if (Symbol.asyncIterator in result) return false;
  return (result.errors ?? []).some(({ extensions }) => {
    const http = extensions?.http as { status?: number; spec?: boolean } | undefined;
    return http?.status !== undefined && !http.spec;
  });
}

function refusal(status: number, code: string, message: string): ExecutionResult {
  const { requestId } = requestContext.getStore() ?? {};
  return { errors: [new GraphQLError(message, { extensions: { code, requestId, http: { status } } })] };
}

/** An error as it has been masked, in an answer of its own. */
function refuseWith(fetchApi: FetchAPI, error: GraphQLError): Response {
  const { http, ...extensions } = error.extensions as { http?: { status: number; headers?: Record<string, string> } };
  return new fetchApi.Response(JSON.stringify({ errors: [{ message: error.message, extensions }] }), {
    status: http?.status ?? 500,
    headers: { 'content-type': 'application/json; charset=utf-8', ...http?.headers },
  });
}

function refuse(fetchApi: FetchAPI, status: number, code: string, message: string): Response {
  const { requestId } = requestContext.getStore() ?? {};
  const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
  return new fetchApi.Response(body, { status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}
