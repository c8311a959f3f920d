import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import type { RequestAdmission } from './limits/request-admission.ts';
import { readBody } from './read-body.ts';
import { refusal } from './refusal.ts';
import { eventStreamTokenOf } from './sse/event-stream-token.ts';

const JSON_TYPE = /^application\/(graphql\+)?json\s*(;|$)/i;

/**
 * How POSTs are read: as JSON in UTF-8 within the limits of who sends them: one operation, or a list of them where batches are granted. Forms and plain text are refused: browsers send those to any server without asking it first, so a foreign
 * page could change things here.
 */
export function useJsonRequests({ admission }: { admission: Pick<RequestAdmission, 'limitsOf' | 'admitBatch'> }): Plugin {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      const { req } = serverContext as unknown as { req: IncomingMessage };
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type');
      if (type === null || !JSON_TYPE.test(type))
        throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `expected content of type application/json, got ${type ?? 'none'}`);
      const encoding = request.headers.get('content-encoding');
      if (encoding !== null && encoding !== 'identity')
        throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `expected content without an encoding, got ${encoding}`);
      const parametersIn = (body: Buffer, batchSize: number): GraphQLParams | Promise<GraphQLParams[]> => {
        const parameters = parseJson(body);
        if (!Array.isArray(parameters) || batchSize === 1) return parametersOf(parameters);
        const operations = parameters.map(parametersOf);
        checkBatch(operations, batchSize, request);
        return admission.admitBatch(request, operations.length).then(() => operations);
      };
      setRequestParser(() => {
        const { bodyBytes, batchSize } = admission.limitsOf(request);
        return readBody(req, bodyBytes).then<GraphQLParams | GraphQLParams[]>((body) => parametersIn(body, batchSize), refuseUnread);
      });
    },
  };
}

function refuseUnread(error: unknown): never {
  if (!(error instanceof LimitExceededError)) throw refusal(400, 'BAD_REQUEST', 'expected a whole body, got a part of it');
  throw error;
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw refusal(400, 'BAD_REQUEST', 'expected JSON in UTF-8, got other bytes');
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw refusal(400, 'BAD_REQUEST', `expected JSON, got ${(error as SyntaxError).message.split(',', 1)[0]}`);
  }
}

function parametersOf(parameters: unknown): GraphQLParams {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw refusal(400, 'BAD_REQUEST', `expected a JSON object with "query", got ${kindOf(parameters)}`);
  return parameters as GraphQLParams;
}

/** A batch has one answer, which is complete: there is no place in it for streams. */
function checkBatch({ length }: readonly GraphQLParams[], batchSize: number, request: Request): void {
  if (length === 0) throw refusal(400, 'BAD_REQUEST', 'expected at least one operation, got an empty list');
  if (length > batchSize) throw new LimitExceededError('operations in a request', batchSize, length, { limit: 'batchSize' });
  if (/\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '') || eventStreamTokenOf(request) !== null)
    throw refusal(400, 'BAD_REQUEST', 'expected one operation in a request for events, got a list');
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
