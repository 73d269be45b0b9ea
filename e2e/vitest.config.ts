import { defineConfig } from 'vitest/config';

/**
 * The whole product from outside: the built server as a process of its own, other people's clients, a real browser.
 * Two files at a time, since much of their time is waiting; more would make promises about time hard to keep on two cores.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'e2e',
    include: ['**/*.e2e.ts'],
    globalSetup: ['support/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
});
