import { defineConfig } from 'vitest/config';
import { LongFirst } from './support/long-first.js';

/**
 * The whole product from outside: the built server as a process of its own, other people's clients, a real browser.
 * Three files at a time on two cores, since much of their time is waiting.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'e2e',
    include: ['**/*.e2e.ts'],
    globalSetup: ['support/global-setup.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // To load Playwright and the clients again for each file takes half a second, and files leave nothing behind.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
});
