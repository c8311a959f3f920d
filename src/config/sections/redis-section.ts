import { z } from 'zod';
import { optionalSetting } from '../setting.ts';
import { url } from '../values/url.ts';

export const redisSection = z.strictObject({
  url: optionalSetting(url(['redis', 'rediss']), {
    environment: 'REDIS_URL',
    description: 'Redis that connects several processes. Without it everything stays inside this one process.',
    secret: true,
    example: 'redis://redis.example.com:6379',
  }),
});
