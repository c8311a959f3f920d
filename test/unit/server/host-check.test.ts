import { expect, it } from 'vitest';
import { isLocalHost } from '../../../src/server/host-check.ts';

it.each([
  undefined,
  'localhost',
  'localhost:4000',
  'LOCALHOST:4000',
  'localhost.:4000',
  'app.localhost:4000',
  '127.0.0.1:4000',
  '127.9.9.9',
  '[::1]:4000',
])('takes %s for this machine', (host) => expect(isLocalHost(host)).toBe(true));

it.each([
  'evil.example.com',
  'evil.example.com:4000',
  'localhost.evil.example.com',
  'notlocalhost',
  '127.0.0.1.evil.example.com',
  '192.168.0.7:4000',
  '[2001:db8::1]:4000',
  '0.0.0.0',
  '',
  'localhost:4000@evil.example.com',
  '[::1',
])('takes %j for another one', (host) => expect(isLocalHost(host)).toBe(false));
