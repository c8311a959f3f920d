import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { readBody } from './read-body.ts';
import { refusal } from './refusal.ts';

const JSON_TYPE = /^application\/(graphql\+)?json\s*(;|$)/i;

/**
 * How POSTs are read: as JSON in UTF-8 within the limit. Forms and plain text are refused: browsers send those to any server without asking it first, so a foreign
 * page could change things here.
 */
export function useJsonRequests({ bodyLimitBytes }: { bodyLimitBytes: number }): Plugin {
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
      setRequestParser(async () => parseParameters(await readWithin(req, bodyLimitBytes)));
    },
  };
}

async function readWithin(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  try {
    return await readBody(request, limitBytes);
  } catch (error) {
    if (!(error instanceof LimitExceededError)) throw refusal(400, 'BAD_REQUEST', 'expected a whole body, got a part of it');
    const { message, limit, requested } = error;
    // The rest of the body is not worth waiting for.
    throw refusal(413, 'PAYLOAD_TOO_LARGE', message, { limit, requested, headers: { connection: 'close' } });
  }
}

function parseParameters(body: Buffer): GraphQLParams {
  if (!isUtf8(body)) throw refusal(400, 'BAD_REQUEST', 'expected JSON in UTF-8, got other bytes');
  let parameters: unknown;
  try {
    parameters = JSON.parse(body.toString());
  } catch (error) {
    throw refusal(400, 'BAD_REQUEST', `expected JSON, got ${(error as SyntaxError).message.split(',', 1)[0]}`);
  }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw refusal(400, 'BAD_REQUEST', `expected a JSON object with "query", got ${kindOf(parameters)}`);
  return parameters as GraphQLParams;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
