import { Redis } from 'ioredis';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startTestRedis } from './test-redis.ts';

it('is a Redis that can be paused, stopped and started', async () => {
  const server = await startTestRedis();
  onTestFinished(server.close);
  const client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  onTestFinished(() => client.disconnect());
  client.on('error', () => {});
  expect(await client.ping()).toBe('PONG');

  server.pause();
  const impatient = client.duplicate({ commandTimeout: 100 });
  onTestFinished(() => impatient.disconnect());
  impatient.on('error', () => {});
  await expect(impatient.ping()).rejects.toThrow('Command timed out');
  const patient = client.ping();
  server.resume();
  expect(await patient).toBe('PONG');

  await server.stop();
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
  await server.start();
  expect(await client.ping()).toBe('PONG');
});
