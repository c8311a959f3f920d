import { type ExecutionResult, GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { requestContext } from '../request-context.ts';
import type { EventConnection, OperationResult } from './event-connection.ts';
import type { EventConnections } from './event-connections.ts';
import { createEventResponse } from './event-response.ts';
import type { KeepAliveComments } from './keep-alive-comments.ts';

const TOKEN_HEADER = 'x-graphql-event-stream-token';
const TOKEN_PARAMETER = 'token';

/**
 * graphql-sse's mode with one event stream for all operations of a client: PUT asks for a stream and is answered with its token, GET or POST opens it, further requests
 * with `extensions.operationId` are accepted (202) and answered in the stream, DELETE completes one of them.
 */
export function useSingleConnectionMode({ connections, comments }: { connections: EventConnections; comments: KeepAliveComments }): Plugin {
  const operations = new WeakMap<Request, { readonly connection: EventConnection; readonly id: string }>();

  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      if (request.method === 'PUT') return endResponse(reserve(connections, fetchAPI));
      const token = tokenOf(request, url);
      if (request.method === 'DELETE') return endResponse(complete(connections, token, url, fetchAPI));
      if (token === null || !/\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '')) return;
      const connection = connections.find(token);
      if (!connection) endResponse(refuse(fetchAPI, 404, 'NOT_FOUND', 'expected the token of an event stream, got another one'));
      else if (!connections.open(token))
        endResponse(refuse(fetchAPI, 409, 'CONFLICT', 'expected to open an event stream once, got a second request'));
      else endResponse(createEventResponse(connection, request, { fetchAPI, comments }));
    },
    onParams({ request, params, setResult }) {
      const token = tokenOf(request, new URL(request.url, 'http://localhost'));
      if (token === null) return;
      const connection = connections.find(token);
      const id = params.extensions?.operationId;
      if (!connection) setResult(refusal(404, 'NOT_FOUND', 'expected the token of an event stream, got another one'));
      else if (typeof id !== 'string' || id === '')
        setResult(refusal(400, 'BAD_REQUEST', 'expected an operation id in extensions.operationId, got none'));
      else {
        const outcome = connection.reserve(id);
        if (outcome === 'in use') setResult(refusal(409, 'CONFLICT', 'expected an operation id that is not in use, got one that is'));
        else if (outcome === 'too many') setResult(refusal(429, 'TOO_MANY_OPERATIONS', 'expected fewer operations in one event stream'));
        else operations.set(request, { connection, id });
      }
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
        connection.start(id, result as OperationResult);
        return new fetchAPI.Response(null, { status: 202 });
      }, 'application/json');
    },
  };
}

function tokenOf(request: Request, url: URL): string | null {
  return request.headers.get(TOKEN_HEADER) ?? url.searchParams.get(TOKEN_PARAMETER);
}

function reserve(connections: EventConnections, fetchApi: FetchAPI): Response {
  const token = connections.reserve();
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

function complete(connections: EventConnections, token: string | null, url: URL, fetchApi: FetchAPI): Response {
  const connection = token === null ? null : connections.find(token);
  const operationId = url.searchParams.get('operationId');
  if (!connection) return refuse(fetchApi, 404, 'NOT_FOUND', 'expected the token of an event stream, got none or another one');
  if (!operationId) return refuse(fetchApi, 400, 'BAD_REQUEST', 'expected an operation id in the parameter operationId, got none');
  connection.complete(operationId);
  return new fetchApi.Response(null, { status: 200 });
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

function refuse(fetchApi: FetchAPI, status: number, code: string, message: string): Response {
  const { requestId } = requestContext.getStore() ?? {};
  const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
  return new fetchApi.Response(body, { status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}
