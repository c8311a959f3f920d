import { isLoopbackHost } from '../config/loopback-host.ts';

/**
 * Whether a request that names this host is meant for a server that only programs of this machine can reach. A page on the web can let its own name resolve to 127.0.0.1
 * (DNS rebinding): to the browser the server then is of the page's origin, and only this header tells. Browsers always send it.
 */
export function isLocalHost(header: string | undefined): boolean {
  if (header === undefined) return true;
  const name = /^(?:\[([^\]]+)\]|([^:]*))(?::\d{0,5})?$/.exec(header);
  const host = (name?.[1] ?? name?.[2])?.toLowerCase().replace(/\.$/, '');
  return host !== undefined && (isLoopbackHost(host) || host.endsWith('.localhost'));
}
