import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import type { ViteUserConfig } from 'vitest/config';
import { pseudoLocale } from './src/testing/pseudo-locale.js';

const server = process.env.PERCH_DEV_SERVER ?? 'http://127.0.0.1:8080';
const proxy = { target: server, changeOrigin: false };

const test: ViteUserConfig['test'] = {
  environment: 'jsdom',
  setupFiles: [join(import.meta.dirname, 'src/testing/setup.ts')],
  css: false,
  // A page loads most of the dashboard: to do so once for all files, and not for each, is most of the time. What a file leaves
  // behind is put away in the setup file.
  isolate: false,
  pool: 'threads',
  // Whole pages on a busy machine take their time; a guarantee does not become false by being slow.
  testTimeout: 60_000,
};

export default defineConfig({
  // `PERCH_PSEUDO_LOCALE=1 npm run dev`: what is not in a catalogue of texts, or needs more room, is seen at once.
  plugins: [react(), process.env.PERCH_PSEUDO_LOCALE === undefined ? null : pseudoLocale()],
  // Workspace packages are read from their sources: no build is needed to work on the dashboard.
  resolve: { conditions: ['perch-source', ...defaultClientConditions] },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': proxy,
      '/health': proxy,
      '/ws': { ...proxy, ws: true },
      '/mqtt': { ...proxy, ws: true },
    },
  },
  // The served page has a strict Content-Security-Policy: no inline script, no data: script.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Which chunk needs which: the budgets are held against it.
    manifest: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  ...({ test } as object),
});
