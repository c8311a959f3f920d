import type { ExecutionResult, GraphQLError } from 'graphql';

/** An answer, and where in its stream the client is after it. */
export interface PositionedResult extends ExecutionResult {
  readonly [POSITION]?: string | null;
}

/** Key of the cursor that travels with an answer. A symbol: copies of the answer keep it, JSON leaves it out. */
export const POSITION = Symbol('position in the stream');

/**
 * A `next` event as graphql-sse has it, with the cursor for its id: what a browser tells in Last-Event-ID when it connects again.
 * @param operationId null in an event stream of a single operation
 */
export function nextEvent(result: PositionedResult, operationId: string | null): string {
  const payload = withoutHttp(result);
  const data = JSON.stringify(operationId === null ? payload : { id: operationId, payload });
  const position = result[POSITION];
  return `${position ? `id: ${position}\n` : ''}event: next\ndata: ${data}\n\n`;
}

export function completeEvent(operationId: string | null): string {
  return `event: complete\ndata:${operationId === null ? '' : ` ${JSON.stringify({ id: operationId })}`}\n\n`;
}

/** Yoga notes in an error which status it would have as the only answer. */
function withoutHttp(result: ExecutionResult): unknown {
  const { errors, ...rest } = result;
  return errors ? { ...rest, errors: errors.map(formatted) } : rest;
}

function formatted(error: GraphQLError): unknown {
  const { extensions: { http: _http, ...extensions } = {}, ...rest } = error.toJSON();
  return Object.keys(extensions).length > 0 ? { ...rest, extensions } : rest;
}
