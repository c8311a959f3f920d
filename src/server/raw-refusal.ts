import { STATUS_CODES } from 'node:http';

export interface RawRefusal {
  readonly status: number;
  /** For `extensions`. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** A whole HTTP answer as text, for where there is no response to write it with: a request that could not be read, an upgrade that is refused. The connection is over with it. */
export function rawRefusal({ status, code, message, requestId }: RawRefusal): string {
  const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    '',
    body,
  ].join('\r\n');
}
