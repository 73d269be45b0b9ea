import { defineConfig } from 'vitest/config';

/** What takes too long for every run: `npm run load` after `npm run build`. */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'load', include: ['**/*.load.ts'], teardownTimeout: 30_000 },
});
