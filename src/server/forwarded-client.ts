import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { ForwardingHeader } from '../config/forwarding-headers.ts';

export interface ForwardedClient {
  /** The nearest address that is no trusted proxy: the only one that could not be made up by the client. IPv4 is written as IPv4. */
  readonly address: string;
  /** Whether the client speaks TLS, to a trusted proxy. */
  readonly isSecure: boolean;
}

export interface ForwardedClientDeps {
  /** Addresses, networks (CIDR), or `loopback`, `linklocal`, `uniquelocal`; empty: nobody is believed. */
  readonly trustedProxies: readonly string[];
  readonly header: ForwardingHeader;
}

/** Who asks, behind proxies. @throws TypeError when one of the proxies is no address or network */
export function createForwardedClient({ trustedProxies, header }: ForwardedClientDeps): (request: IncomingMessage) => ForwardedClient {
  const trusts = trustedProxies.length === 0 ? null : proxyAddress.compile([...trustedProxies]);
  return (request) => {
    const peer = request.socket.remoteAddress;
    if (trusts === null || peer === undefined || !trusts(peer, 0)) return { address: plain(peer), isSecure: false };
    const hops = header === 'forwarded' ? parametersOf(request, 'for').map(addressOf).join(',') : request.headers['x-forwarded-for'];
    const told = { socket: request.socket, connection: request.socket, headers: { 'x-forwarded-for': hops } } as unknown as IncomingMessage;
    const protocol = header === 'forwarded' ? parametersOf(request, 'proto')[0] : request.headers['x-forwarded-proto'];
    return { address: plain(proxyAddress(told, trusts)), isSecure: /^\s*https\s*(,|$)/i.test(String(protocol ?? '')) };
  };
}

/** RFC 7239: `for=192.0.2.60;proto=https, for="[2001:db8::1]:4711"`, from the client to the last proxy. */
function parametersOf(request: IncomingMessage, name: string): string[] {
  const header = String(request.headers.forwarded ?? '');
  return header.split(',').flatMap((element) =>
    element.split(';').flatMap((pair) => {
      const at = pair.indexOf('=');
      if (at === -1 || pair.slice(0, at).trim().toLowerCase() !== name) return [];
      return [
        pair
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      ];
    }),
  );
}

/** Without port and brackets. */
function addressOf(node: string): string {
  return /^\[([^\]]*)\]/.exec(node)?.[1] ?? node.replace(/:\d+$/, '');
}

/** What a proxy of ours has passed on may still be anything: `unknown`, a name, garbage. It goes to logs and limits. */
function plain(address: string | undefined): string {
  const text = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 45);
  return /^[\da-f.:]+$/i.test(text) ? text.toLowerCase() : 'unknown';
}
