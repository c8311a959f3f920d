/**
 * Whether a page may open a WebSocket: browsers apply no CORS to WebSockets, so any page could otherwise read what a server on this machine pushes.
 * Programs that are no browsers send no Origin.
 */
export function createOriginCheck(corsOrigins: readonly string[]): (origin: string | undefined, host: string | undefined) => boolean {
  const allowed = new Set(corsOrigins);
  return (origin, host) => {
    if (origin === undefined || allowed.has('*') || allowed.has(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  };
}
