/** Host and port of a URL for people, without user and password; works for database URLs with several hosts. Empty when the URL names none (a socket). */
export function urlHost(url: string): string {
  const rest = url.slice(url.indexOf('://') + 3);
  const authority = rest.slice(rest.lastIndexOf('@') + 1);
  return /^[^/?#]*/.exec(authority)![0];
}
