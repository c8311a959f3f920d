import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Node gives packages the CommonJS build of graphql; vite would give our sources its ES build: two copies do not know each other's errors.
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      { find: /^fast-check$/, replacement: fileURLToPath(new URL('test/support/seeded-fast-check.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/patient-waiting.ts'],
    // They end tests that hang. Real servers start and stop inside tests: a busy machine takes ten times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // As long as test/support/patient-waiting.ts waits.
    expect: { poll: { timeout: 50_000 } },
    pool: 'forks',
    // Most tests wait for servers and sockets: three at a time use two cores.
    maxWorkers: 3,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
