// npm run dev: both apps, each reloading when its sources change. Arguments go to the server.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNode, install, root, run, step } from './prepare.mjs';

const args = process.argv.slice(2);
const node = process.execPath;
const bin = (path) => join(root, 'node_modules', path);

checkNode();
await install();
step('Building the server once');
await run(node, [bin('prisma/build/index.js'), 'generate', '--config', 'prisma.config.mjs']);
await run(node, [bin('typescript/bin/tsc'), '-b', 'apps/server']);

const children = [
  start('compiler', [bin('typescript/bin/tsc'), '-b', '-w', '--preserveWatchOutput', 'apps/server']),
  start('server', ['--watch', '--watch-preserve-output', 'apps/server/dist/main.js', ...args]),
  start('dashboard', [bin('vite/bin/vite.js'), 'apps/dashboard', '--config', 'apps/dashboard/vite.config.ts'], {
    PERCH_DEV_SERVER: `http://127.0.0.1:${httpPort()}`,
  }),
];

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
for (const child of children) child.process.on('exit', () => stop('SIGTERM', child.name));

function start(name, nodeArgs, env = {}) {
  const child = spawn(node, nodeArgs, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return { name, process: child };
}

// One that ends takes the others with it: half a development server only looks like a working one.
function stop(signal, ended) {
  if (isStopping) return;
  isStopping = true;
  if (ended) console.error(`The ${ended} has ended; stopping the rest.`);
  for (const { process: child } of children) child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
}

function httpPort() {
  const { values } = parseArgs({ args, options: { 'http-port': { type: 'string' } }, strict: false });
  return values['http-port'] ?? process.env.PERCH_HTTP_PORT ?? '8080';
}
