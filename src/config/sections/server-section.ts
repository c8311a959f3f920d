import { z } from 'zod';
import { setting } from '../setting.ts';
import { host } from '../values/host.ts';
import { textList } from '../values/text-list.ts';
import { wholeNumber } from '../values/whole-number.ts';

/** No trailing slash and no path: browsers send the bare origin, and anything else would never match. */
const ORIGIN = /^(\*|https?:\/\/[^\s/?#@]+)$/;

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
  shutdownTimeoutMs: setting(wholeNumber(100, 600_000), {
    environment: 'SHUTDOWN_TIMEOUT_MS',
    description: 'How long a stop may take before the process ends regardless.',
    unit: 'milliseconds',
    default: 10_000,
  }),
});
