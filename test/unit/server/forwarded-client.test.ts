import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForwardingHeader } from '../../../src/config/forwarding-headers.ts';
import { createForwardedClient } from '../../../src/server/forwarded-client.ts';

const PROXY = '10.0.0.1';

function client(
  headers: Record<string, string>,
  {
    peer = PROXY,
    trusted = ['10.0.0.0/8'],
    header = 'x-forwarded-for' as ForwardingHeader,
  }: { peer?: string; trusted?: string[]; header?: ForwardingHeader } = {},
) {
  const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
  return createForwardedClient({ trustedProxies: trusted, header })(request);
}

describe('without trusted proxies', () => {
  it('whoever connects is the client, whatever it says', () => {
    const headers = { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4;proto=https', 'x-forwarded-proto': 'https' };
    expect(client(headers, { trusted: [] })).toEqual({ address: PROXY, isSecure: false });
    expect(client(headers, { peer: '192.0.2.9' })).toEqual({ address: '192.0.2.9', isSecure: false });
  });

  it('addresses of IPv4 are written as such', () => {
    expect(client({}, { peer: '::ffff:192.0.2.9' }).address).toBe('192.0.2.9');
    expect(client({}, { peer: '2001:DB8::1' }).address).toBe('2001:db8::1');
  });
});

describe('behind trusted proxies', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    // The client made up the first one; the proxy wrote the last one.
    ['6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['6.6.6.6, 1.2.3.4, 10.9.9.9', '1.2.3.4'],
    ['10.1.1.1, 10.9.9.9', '10.1.1.1'],
    ['2001:db8::7', '2001:db8::7'],
    ['', PROXY],
    ['unknown', 'unknown'],
    ['"><script>', 'unknown'],
    ['{"level":60}', 'unknown'],
  ])('X-Forwarded-For: %s', (header, address) => {
    expect(client({ 'x-forwarded-for': header }).address).toBe(address);
  });

  it.each([
    ['for=1.2.3.4', '1.2.3.4', false],
    ['for="1.2.3.4:4711";proto=https;by=10.0.0.1', '1.2.3.4', true],
    ['For="[2001:db8::7]:4711"', '2001:db8::7', false],
    ['for=6.6.6.6;proto=https, for=1.2.3.4', '1.2.3.4', true],
    ['for=_hidden', 'unknown', false],
    ['by=10.0.0.1', PROXY, false],
    ['for', PROXY, false],
  ])('Forwarded: %s', (header, address, isSecure) => {
    const given = { forwarded: header, 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' };
    expect(client(given, { header: 'forwarded' })).toEqual({ address, isSecure });
  });

  it.each([
    ['https', true],
    ['HTTPS', true],
    ['https, http', true],
    ['http', false],
    ['httpsx', false],
  ])('X-Forwarded-Proto: %s', (header, isSecure) => {
    expect(client({ 'x-forwarded-proto': header }).isSecure).toBe(isSecure);
  });

  it('the header that is not configured is not read', () => {
    expect(client({ forwarded: 'for=6.6.6.6;proto=https' })).toEqual({ address: PROXY, isSecure: false });
  });

  it('no header makes more of an address than an address', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary-ascii' }),
        fc.constantFrom<ForwardingHeader>('x-forwarded-for', 'forwarded'),
        (text, header) => {
          const { address } = client({ 'x-forwarded-for': text, forwarded: `for=${text}` }, { header });
          expect(address).toMatch(/^([\da-f.:]{1,45}|unknown)$/);
        },
      ),
    );
  });
});
