import { defineConfig } from 'vitest/config';

// Vitest hands these on to Node, for `require` too: naming `import` or `module` here would break CommonJS packages.
const resolve = { conditions: ['perch-source', 'node'] };
const ssr = { resolve };
const exclude = ['**/node_modules/**', '**/dist/**'];

/** Unit specs beside their files, dashboard specs in a DOM, and integration specs that speak to a real Postgres. */
export default defineConfig({
  test: {
    // Vitest would leave one core free; CI has two.
    maxWorkers: 2,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'spec',
          include: ['libs/**/*.spec.ts', 'apps/server/**/*.spec.ts', 'tools/**/*.spec.ts', 'e2e/**/*.spec.ts'],
          exclude,
          // These leave nothing behind them: loading the same modules for each file would take longer than the tests.
          isolate: false,
          pool: 'threads',
          // Generated tests take a second or two; on a busy machine that is no failure.
          testTimeout: 60_000,
        },
      },
      {
        extends: './apps/dashboard/vite.config.ts',
        test: { name: 'dashboard', include: ['apps/dashboard/src/**/*.spec.{ts,tsx}'], exclude, environment: 'jsdom' },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'int-spec',
          include: ['apps/server/**/*.int-spec.ts'],
          globalSetup: ['apps/server/src/testing/global-setup.ts'],
          exclude,
          isolate: false,
          pool: 'threads',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
