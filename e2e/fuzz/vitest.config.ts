import { defineConfig } from 'vitest/config';

/** For `npm run fuzz`: the fuzzer alone, which needs no browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'fuzz', include: ['fuzz.e2e.ts'], teardownTimeout: 20_000 },
});
