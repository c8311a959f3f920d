/**
 * What a request shows of who sends it: its Authorization header, or its X-API-Key header as `ApiKey …`, for clients behind a proxy that has use for Authorization. Both
 * at once are no credential: which of them would count?
 */
export function shownAuthorization(authorization: string | null, apiKey: string | null): string | null {
  if (apiKey === null) return authorization;
  return authorization !== null && /^Bearer\b/i.test(authorization.trim()) ? `${authorization}, ApiKey ${apiKey}` : `ApiKey ${apiKey}`;
}
