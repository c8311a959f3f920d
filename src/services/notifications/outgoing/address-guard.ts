import { type LookupAddress, lookup as lookupName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BlockedAddressError } from './blocked-address-error.ts';

/**
 * Keeps messages out of the server's own network (server-side request forgery): only public unicast addresses are reached, and those the operator allows. Names are judged by the addresses
 * they resolve to, at the moment of connecting and for that very connection, so that a name that resolves otherwise a moment later gains nothing.
 */
export interface AddressGuard {
  /** @throws BlockedAddressError for an address, in any notation a URL may hold, that must not be reached; names pass and are judged by `lookup` */
  checkHost(host: string): void;
  /** For `net.connect` and `http.request`: resolves to addresses that may be reached, fails with BlockedAddressError when there is none. */
  readonly lookup: LookupFunction;
}

/** As `ipaddr.js` calls what the whole Internet can reach. */
const PUBLIC = 'unicast';
/** IPv6 addresses that carry an IPv4 address to a gateway (RFC 6052): judged by that one. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
/** What of IPv6 is handed out at all (RFC 4291, 2.4; IANA). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** @throws Error when a text is no range such as 10.0.0.0/8 and no address */
export function parseAddressRange(text: string): AddressRange {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

export interface AddressGuardDeps {
  /** Reached although they are not public. */
  readonly allowed: readonly AddressRange[];
  /** As `dns.lookup` with all: true; replaced in tests of changing answers. */
  readonly resolve?: (name: string, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;
}

export function createAddressGuard({ allowed, resolve = resolveAll }: AddressGuardDeps): AddressGuard {
  function mayReach(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    // Also what is written as ::ffff:10.0.0.1.
    const address = ipaddr.process(text);
    if (allowed.some((range) => address.kind() === range[0].kind() && address.match(range as never))) return true;
    if (address.kind() === 'ipv6' && (address as ipaddr.IPv6).match(NAT64 as never)) return mayReach(lastFourBytes(address));
    if (address.kind() === 'ipv6' && !(address as ipaddr.IPv6).match(GLOBAL_IPV6 as never)) return false;
    return address.range() === PUBLIC;
  }

  return {
    checkHost(host) {
      const bare = host.replace(/^\[(.*)\]$/, '$1');
      // A zone index names a local network.
      if ((isIP(bare) !== 0 && !mayReach(bare)) || bare.includes('%')) throw blocked(bare, [bare]);
    },
    lookup(name, options, callback) {
      resolve(name, (error, addresses) => {
        if (error) {
          callback(error, '', 0);
          return;
        }
        const wanted = addresses.filter(
          ({ family }) => !options.family || Number(options.family) === family || options.family === `IPv${family}`,
        );
        const reachable = wanted.filter(({ address }) => mayReach(address));
        if (reachable.length === 0)
          callback(
            blocked(
              name,
              wanted.map(({ address }) => address),
            ),
            '',
            0,
          );
        else if (options.all) callback(null, reachable);
        else callback(null, reachable[0]!.address, reachable[0]!.family);
      });
    },
  };
}

function resolveAll(name: string, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void): void {
  lookupName(name, { all: true }, callback);
}

function lastFourBytes(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address.toByteArray().slice(-4).join('.');
}

/** The addresses a name has inside are not told: that would make the guard a way to ask. */
function blocked(host: string, addresses: readonly string[]): BlockedAddressError {
  const found = isIP(host) === 0 ? `${host}, which resolves to ${addresses.length === 0 ? 'no address' : 'others only'}` : host;
  return new BlockedAddressError(`expected an address that this server may reach, got ${found}; see NOTIFICATIONS_ALLOWED_ADDRESSES`);
}
