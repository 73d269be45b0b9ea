import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cachedGraph = join(root, '.nx/workspace-data/project-graph.json');

/**
 * Makes sure that Nx's project graph is there. Without it the module boundary rule only prints a warning and lets
 * everything pass.
 */
export function ensureProjectGraph() {
  if (!existsSync(cachedGraph)) buildProjectGraph();
}

/** Builds Nx's project graph anew. */
export function buildProjectGraph() {
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  execFileSync(process.execPath, [nx, 'graph', '--file', join(root, '.nx/project-graph.json')], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
