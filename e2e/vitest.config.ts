import { defineConfig } from 'vitest/config';

/**
 * The whole product from outside: the built server as a process of its own, other people's clients, a real browser.
 * Files run one after the other: what they promise about time holds on a machine with two cores only when nothing else runs.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'e2e',
    include: ['**/*.e2e.ts'],
    globalSetup: ['support/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
});
