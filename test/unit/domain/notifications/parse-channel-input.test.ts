import { describe, expect, it } from 'vitest';
import type { ValidationError } from '../../../../src/domain/errors/validation-error.ts';
import type { ChannelInput, ChannelSettingsInput } from '../../../../src/domain/notifications/channel-input.ts';
import { parseChannelInput } from '../../../../src/domain/notifications/parse-channel-input.ts';

const options = { allowInsecure: false, newSigningSecret: () => `whsec_${'A'.repeat(43)}=` };
const input = (settings: ChannelSettingsInput, overrides: Partial<ChannelInput> = {}): ChannelInput => ({
  name: 'desk',
  settings,
  enabled: true,
  rateLimitPerMinute: null,
  digestWindowMs: 0,
  ...overrides,
});

function pathsOf(settings: ChannelSettingsInput, overrides: Partial<ChannelInput> = {}): string[] {
  try {
    parseChannelInput(input(settings, overrides), null, options);
    return [];
  } catch (error) {
    return (error as ValidationError).issues.map(({ path }) => path);
  }
}

const email = {
  kind: 'EMAIL' as const,
  host: 'mail.example.com',
  port: 587,
  security: 'STARTTLS' as const,
  username: 'desk',
  password: 'secret',
  from: 'a@example.com',
  to: ['b@example.com'],
  certificateAuthority: null,
};

describe('a channel', () => {
  it('is told everything that is wrong with it at once', () => {
    const wrong = { ...email, host: 'a b', port: 0, from: 'nobody', to: ['x@y', 'a@b\r\nBcc: c@d'], password: '' };
    expect(pathsOf(wrong, { name: ' ', rateLimitPerMinute: 0, digestWindowMs: -1 })).toEqual([
      'name',
      'rateLimitPerMinute',
      'digestWindowMs',
      'settings.host',
      'settings.port',
      'settings.from',
      'settings.to.1',
      'settings.password',
    ]);
    expect(pathsOf(email)).toEqual([]);
  });

  it('sends over encrypted connections only, to addresses without a password in them', () => {
    expect(pathsOf({ kind: 'WEBHOOK', url: 'http://hook.example.com/' })).toEqual(['settings.url']);
    expect(pathsOf({ kind: 'WEBHOOK', url: 'https://user:pass@hook.example.com/' })).toEqual(['settings.url']);
    expect(pathsOf({ kind: 'SLACK', url: 'javascript:alert(1)' })).toEqual(['settings.url']);
    expect(pathsOf({ kind: 'SLACK' })).toEqual(['settings.url']);
    expect(pathsOf({ ...email, security: 'NONE' })).toEqual(['settings.security']);
  });

  it('signs with 24 to 64 bytes', () => {
    const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
    const paths = (signingSecret: string) => pathsOf({ kind: 'WEBHOOK', url: 'https://hook.example.com/', signingSecret });
    expect([23, 24, 64, 65].map((bytes) => paths(secretOf(bytes)).length)).toEqual([1, 0, 0, 1]);
    expect(paths('whsec_not base64')).toEqual(['settings.signingSecret']);
  });

  it('has no headers that the message sets, and none that break out of their line', () => {
    const paths = (headers: Record<string, string>) => pathsOf({ kind: 'WEBHOOK', url: 'https://hook.example.com/', headers });
    expect(paths({ Authorization: 'Bearer x', 'X-Team': 'desk' })).toEqual([]);
    for (const name of ['Host', 'content-length', 'Webhook-Id', 'Transfer-Encoding', 'a b', ''])
      expect(paths({ [name]: 'x' })).toHaveLength(1);
    expect(paths({ 'X-Team': 'a\r\nHost: b' })).toHaveLength(1);
  });

  it('keeps what an update leaves out', () => {
    const made = parseChannelInput(input(email), null, options);
    const { password: _kept, ...rest } = email;
    const after = parseChannelInput({ settings: { ...rest, to: ['c@example.com'] } }, made, options);
    expect(after).toMatchObject({ name: 'desk', settings: { to: ['c@example.com'] }, secrets: { kind: 'EMAIL', password: 'secret' } });
    expect(() => parseChannelInput({ settings: { ...rest, host: 'evil.example.com' } }, made, options)).toThrow(
      'expected the password anew',
    );
    expect(() => parseChannelInput({ settings: { kind: 'LOG' } }, made, options)).toThrow('settings.kind: expected EMAIL as it was');
  });
});
