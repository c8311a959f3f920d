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
    pool: 'forks',
    // Most tests wait for servers and sockets: two at a time use two cores, where the default leaves one for the runner.
    maxWorkers: 2,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
