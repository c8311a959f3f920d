import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import './services/provided-context.ts';
import { findRedisServer } from './services/find-redis-server.ts';
import { makeRunDirectory } from './services/make-run-directory.ts';
import { createPostgresService } from './services/postgres-service.ts';
import { startServiceHost } from './services/service-host.ts';

/** Holds what the whole run shares: the folder, PostgreSQL, and the way to Redis. Nothing is started before a test file asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDirectory = await makeRunDirectory();
  const database = createPostgresService({ runDirectory, externalUrl: process.env.TEST_DATABASE_URL });
  const host = await startServiceHost({
    postgres: database.start,
    redis: async () => ({ program: await findRedisServer({ environment: process.env, log: console.log }) }),
  });
  project.provide('serviceHost', host.url);
  project.provide('runDirectory', runDirectory);

  return async () => {
    await host.close();
    const left = await database.stop();
    await rm(runDirectory, { recursive: true, force: true, maxRetries: 3 });
    if (left.length > 0) {
      // vitest prints what a teardown throws, and would exit with 0.
      process.exitCode = 1;
      throw new Error(`expected every test database to be dropped, got ${left.length} left: call drop() in afterEach or afterAll`);
    }
  };
}
