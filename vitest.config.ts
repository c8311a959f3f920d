import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Real servers start and stop inside tests; a cold machine needs this long for the first one.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
