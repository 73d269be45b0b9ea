#!/usr/bin/env node
// The command `perch`. The programs themselves are built: `npm start` or `npm run build` does that.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/bundle/perch.js', import.meta.url);
if (existsSync(fileURLToPath(program))) await import(program.href);
else {
  console.error('Perch is not built yet: run "npm run build" first.');
  process.exitCode = 1;
}
