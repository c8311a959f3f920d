import type { IncomingMessage, ServerResponse } from 'node:http';

const EXPOSED = 'x-request-id, x-total-count-estimate, x-export-row-limit, content-disposition';

/** Says which pages may read the answer, as the API itself does; a request that only asks for that is answered. @returns whether it was */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, corsOrigins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (corsOrigins.length > 0) response.appendHeader('vary', 'Origin');
  const isNamed = origin !== undefined && corsOrigins.includes(origin);
  if (isNamed || corsOrigins.includes('*')) {
    response.setHeader('access-control-allow-origin', isNamed ? origin : '*');
    if (isNamed) response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-expose-headers', EXPOSED);
    // Allowed origins read it from their pages.
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
  }
  if (request.method !== 'OPTIONS') return false;
  const asked = request.headers['access-control-request-headers'];
  if (isNamed || corsOrigins.includes('*')) {
    response.setHeader('access-control-allow-methods', 'GET, HEAD');
    if (asked !== undefined) response.setHeader('access-control-allow-headers', asked);
  }
  response.writeHead(204, { allow: 'GET, HEAD, OPTIONS', 'content-length': '0' }).end();
  return true;
}
