import type { ServerResponse } from 'node:http';

/** Half a year. */
const TRANSPORT_SECURITY = 'max-age=15552000';

/** For answers that are no pages: nothing of them is ever run, shown in a frame, or loaded into a page of another origin without CORS. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
];

/** @param isSecure whether the client speaks TLS: then it is told never to do without; otherwise that would shut out those who cannot */
export function setSecurityHeaders(response: ServerResponse, isSecure: boolean): void {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  if (isSecure) response.setHeader('strict-transport-security', TRANSPORT_SECURITY);
}
