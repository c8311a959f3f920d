import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isEventToken } from '../services/access/event-tokens.ts';
import { createOriginCheck } from './origin-check.ts';
import { refusal } from './refusal.ts';

/** What a page cannot send to another origin without asking it first (CORS preflight). */
const PREFLIGHT_HEADERS = [
  'authorization',
  'x-api-key',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];
/** Content types that need no preflight (Fetch, 2.2.2). */
const SIMPLE_TYPE = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;
const ADVICE = 'send the header x-requested-with, or allow the origin of the page in CORS_ORIGINS';

/**
 * Refuses operations by GET that a foreign page can have made: an image, a link, a script or an EventSource in it needs no permission to send one, and though the page cannot
 * read the answer, it could keep the server busy and measure how long answers take. POSTs are JSON, which needs permission (see useJsonRequests); so do PUT and DELETE.
 *
 * @param corsOrigins whose pages may call; `*`: any
 */
export function useSimpleRequests({ corsOrigins }: { corsOrigins: readonly string[] }): Plugin {
  const isTrusted = createSimpleRequestCheck(corsOrigins);
  return {
    onRequestParse({ request, url }) {
      if (request.method !== 'GET' || isTrusted(request.headers)) return;
      // Nobody else knows such a token.
      if (isEventToken(url.searchParams.get('token') ?? '')) return;
      throw crossSiteRefusal();
    },
  };
}

/** The answer to a request that is not trusted. */
export function crossSiteRefusal(): GraphQLError {
  return refusal(403, 'CROSS_SITE_REQUEST', `expected a request that pages of other sites cannot send: ${ADVICE}`);
}

/** Whether a request cannot have been sent by a foreign page without permission. */
export function createSimpleRequestCheck(corsOrigins: readonly string[]): (headers: Headers) => boolean {
  const isOriginAllowed = createOriginCheck(corsOrigins);
  const isAnyAllowed = corsOrigins.includes('*');

  return (headers) => {
    if (isAnyAllowed) return true;
    if (PREFLIGHT_HEADERS.some((name) => headers.has(name)) || needsPreflight(headers.get('content-type'))) return true;
    // Told by the browsers of this decade, to servers on this machine and to all that speak TLS: same-origin, same-site, cross-site, or none (a person typed the address).
    const site = headers.get('sec-fetch-site');
    if (site === 'same-origin' || site === 'none') return true;
    const origin = headers.get('origin') ?? (site === null ? originOf(headers.get('referer')) : undefined);
    if (origin !== undefined) return isOriginAllowed(origin, headers.get('host') ?? undefined);
    return site === null && !isBrowser(headers);
  };
}

function needsPreflight(contentType: string | null): boolean {
  return contentType !== null && contentType.trim() !== '' && !SIMPLE_TYPE.test(contentType);
}

/** A page can hide where it is, and cannot say that it is elsewhere. */
function originOf(referrer: string | null): string | undefined {
  return referrer !== null && URL.canParse(referrer) ? new URL(referrer).origin : undefined;
}

/** All of them have said so since the first. Programs have no pages that could misuse them. */
function isBrowser(headers: Headers): boolean {
  return headers.has('cookie') || headers.get('user-agent')?.startsWith('Mozilla/') === true;
}
