import { z } from 'zod';
import { FORWARDING_HEADERS } from '../forwarding-headers.ts';
import { setting } from '../setting.ts';
import { choice } from '../values/choice.ts';
import { host } from '../values/host.ts';
import { textList } from '../values/text-list.ts';
import { wholeNumber } from '../values/whole-number.ts';

/** No trailing slash and no path: browsers send the bare origin, and anything else would never match. */
const ORIGIN = /^(\*|https?:\/\/[^\s/?#@]+)$/;

/** Names as proxy-addr has them, addresses, and networks; whether they are ones is looked at when all settings are there. */
const PROXY = /^(loopback|linklocal|uniquelocal|[\da-f.:]+(\/\d{1,3})?)$/i;

export const serverSection = z.strictObject({
  host: setting(host, {
    environment: 'HOST',
    flag: 'host',
    description: 'Address to listen on. Only loopback addresses while no authentication is configured.',
    default: '127.0.0.1',
  }),
  port: setting(wholeNumber(0, 65_535), {
    environment: 'PORT',
    flag: 'port',
    description: 'TCP port to listen on; 0 takes any free one.',
    default: 4000,
  }),
  corsOrigins: setting(textList({ items: 'origins such as https://app.example.com, or *', pattern: ORIGIN }), {
    environment: 'CORS_ORIGINS',
    description: 'Origins whose pages may call the API from a browser; empty means the same origin only.',
    default: [],
  }),
  bodyLimitBytes: setting(wholeNumber(1024, 104_857_600), {
    environment: 'HTTP_BODY_LIMIT_BYTES',
    description: 'Longest HTTP request body that is read.',
    unit: 'bytes',
    default: 1_048_576,
  }),
  trustedProxies: setting(
    textList({ items: 'addresses, networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal', pattern: PROXY }),
    {
      environment: 'TRUSTED_PROXIES',
      description: 'Proxies that are believed when they say for whom they ask (X-Forwarded-For, X-Forwarded-Proto); empty means none.',
      default: [],
    },
  ),
  trustedProxyHeader: setting(choice(FORWARDING_HEADERS), {
    environment: 'TRUSTED_PROXY_HEADER',
    description:
      'The header the trusted proxies write: x-forwarded-for, beside X-Forwarded-Proto, or forwarded (RFC 7239). The other one is not read, because proxies pass it on as clients wrote it.',
    default: 'x-forwarded-for',
  }),
  headersTimeoutMs: setting(wholeNumber(100, 600_000), {
    environment: 'HTTP_HEADERS_TIMEOUT_MS',
    description: 'How long a client may take to send the headers of a request.',
    unit: 'milliseconds',
    default: 10_000,
  }),
  requestTimeoutMs: setting(wholeNumber(100, 600_000), {
    environment: 'HTTP_REQUEST_TIMEOUT_MS',
    description: 'How long a client may take to send a whole request.',
    unit: 'milliseconds',
    default: 30_000,
  }),
  keepAliveTimeoutMs: setting(wholeNumber(100, 600_000), {
    environment: 'HTTP_KEEP_ALIVE_TIMEOUT_MS',
    description:
      'How long a connection stays open for the next request. Longer than that of a proxy in front, which otherwise sends into closed ones.',
    unit: 'milliseconds',
    default: 65_000,
  }),
  idleTimeoutMs: setting(wholeNumber(100, 3_600_000), {
    environment: 'HTTP_IDLE_TIMEOUT_MS',
    description:
      'How long nothing may go over an HTTP connection in either direction before it is cut. Longer than any answer takes to begin.',
    unit: 'milliseconds',
    default: 120_000,
  }),
  maximumConnections: setting(wholeNumber(1, 1_000_000), {
    environment: 'HTTP_MAXIMUM_CONNECTIONS',
    description: 'Most open connections of clients, WebSockets and event streams among them. Further ones are closed at once.',
    unit: 'connections',
    default: 20_000,
  }),
  shutdownTimeoutMs: setting(wholeNumber(100, 600_000), {
    environment: 'SHUTDOWN_TIMEOUT_MS',
    description: 'How long a stop may take before the process ends regardless.',
    unit: 'milliseconds',
    default: 10_000,
  }),
});
