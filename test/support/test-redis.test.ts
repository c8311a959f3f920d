import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestRedis, type TestRedis } from './test-redis.ts';

let server: TestRedis;
let client: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
});

afterAll(async () => {
  client.disconnect();
  await server.close();
});

it('is a Redis that can be paused, stopped and started', async () => {
  expect(await client.ping()).toBe('PONG');

  server.pause();
  const impatient = client.duplicate({ commandTimeout: 100 });
  impatient.on('error', () => {});
  await expect(impatient.ping()).rejects.toThrow('Command timed out');
  const patient = client.ping();
  server.resume();
  expect(await patient).toBe('PONG');
  impatient.disconnect();

  await server.stop();
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
  await server.start();
  expect(await client.ping()).toBe('PONG');
});
