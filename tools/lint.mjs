import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProjectGraph } from './project-graph.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** Runs a package's program over the repository and tells whether it found nothing to complain about. */
function passes(name, program, args) {
  const bin = join(dirname(resolve(`${name}/package.json`)), program);
  const { status, error } = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status === 0;
}

buildProjectGraph();
const paths = process.argv.length > 2 ? process.argv.slice(2) : ['.'];
const results = [
  passes('eslint', 'bin/eslint.js', ['--max-warnings', '0', ...paths]),
  passes('prettier', 'bin/prettier.cjs', ['--check', ...paths]),
];
process.exitCode = results.every(Boolean) ? 0 : 1;
