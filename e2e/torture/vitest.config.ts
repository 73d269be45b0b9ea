import { defineConfig } from 'vitest/config';

/** For `npm run torture`: the torture test alone, which needs no browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'torture', include: ['torture.e2e.ts'], teardownTimeout: 20_000 },
});
