import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Node gives packages the CommonJS build of graphql; vite would give our sources its ES build: two copies do not know each other's errors.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/patient-waiting.ts'],
    // Real servers start and stop inside tests; a cold machine needs this long for the first one.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // As long as test/support/patient-waiting.ts waits.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    // Most tests wait for servers and sockets: three at a time use two cores.
    maxWorkers: 3,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
