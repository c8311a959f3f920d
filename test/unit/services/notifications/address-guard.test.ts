import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createAddressGuard, parseAddressRange } from '../../../../src/services/notifications/outgoing/address-guard.ts';
import { BlockedAddressError } from '../../../../src/services/notifications/outgoing/blocked-address-error.ts';
import { createGuardedPost } from '../../../../src/services/notifications/outgoing/guarded-request.ts';

/** How URLs name what only this machine or its network can reach. */
const BLOCKED = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '224.0.0.1',
  '255.255.255.255',
  '240.0.0.1',
  '[::1]',
  '[::]',
  '[fe80::1]',
  '[fc00::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[fd00:ec2::254]',
];

const PUBLIC = ['93.184.216.34', '8.8.8.8', '[2606:4700:4700::1111]', '[64:ff9b::808:808]'];

const hostOf = (host: string) => new URL(`https://${host}/`).hostname;
const guard = createAddressGuard({ allowed: [] });

function resolving(answers: LookupAddress[][], allowed: string[] = []) {
  return createAddressGuard({ allowed: allowed.map(parseAddressRange), resolve: (_name, callback) => callback(null, answers.shift()!) });
}

function lookedUp({ lookup }: ReturnType<typeof createAddressGuard>, options = { all: true }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookup('hook.example.com', options, (error, address) => (error ? reject(error) : resolve(address)));
  });
}

describe('the address guard', () => {
  it.each(BLOCKED)('does not let through to https://%s/', (host) => {
    expect(() => guard.checkHost(hostOf(host))).toThrow(BlockedAddressError);
  });

  it.each(PUBLIC)('lets through to https://%s/', (host) => {
    expect(() => guard.checkHost(hostOf(host))).not.toThrow();
  });

  it('lets through where it was told to, however the address is written', () => {
    const open = createAddressGuard({ allowed: ['10.1.0.0/16', '::1'].map(parseAddressRange) });
    for (const host of ['10.1.2.3', '[::ffff:10.1.2.3]', '[::1]', '[64:ff9b::a01:203]'])
      expect(() => open.checkHost(hostOf(host))).not.toThrow();
    for (const host of ['10.2.0.1', '[::ffff:10.2.0.1]', '127.0.0.1'])
      expect(() => open.checkHost(hostOf(host))).toThrow(BlockedAddressError);
  });

  it('judges names by what they resolve to, at every connection anew', async () => {
    const inside = { address: '10.0.0.1', family: 4 };
    const outside = { address: '93.184.216.34', family: 4 };
    const rebinding = resolving([[outside], [inside], [inside, outside], [{ address: '::ffff:127.0.0.1', family: 6 }], []]);
    expect(await lookedUp(rebinding)).toEqual([outside]);
    await expect(lookedUp(rebinding)).rejects.toThrow(BlockedAddressError);
    expect(await lookedUp(rebinding)).toEqual([outside]);
    await expect(lookedUp(rebinding)).rejects.toThrow(BlockedAddressError);
    await expect(lookedUp(rebinding)).rejects.toThrow(BlockedAddressError);
  });

  it('does not tell what a name resolves to inside', async () => {
    const error = await lookedUp(resolving([[{ address: '10.11.12.13', family: 4 }]])).catch((reason: Error) => reason);
    expect((error as Error).message).not.toContain('10.11');
  });

  it.each([...BLOCKED.map((host) => `https://${host}/hook`), 'http://93.184.216.34/hook'])('no request is made to %s', async (url) => {
    const post = createGuardedPost({ guard, allowHttp: false, connectTimeoutMs: 1_000, timeoutMs: 1_000 });
    await expect(post({ url, headers: {}, body: '' }, new AbortController().signal)).rejects.toThrow(BlockedAddressError);
  });
});
