import type { CORSOptions } from 'graphql-yoga';

/** Which pages may read answers: those of the configured origins, with their cookies; with `*` any page, without cookies. Others get no CORS header at all. */
export function createCorsOptions(corsOrigins: readonly string[]): (request: Request) => CORSOptions {
  const allowed = new Set(corsOrigins);
  const common = { methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'], exposedHeaders: ['x-request-id'] };
  return (request) => {
    const origin = request.headers.get('origin');
    if (origin !== null && allowed.has(origin)) return { ...common, origin: [origin], credentials: true };
    if (allowed.has('*')) return { ...common, origin: '*', credentials: false };
    return false;
  };
}
