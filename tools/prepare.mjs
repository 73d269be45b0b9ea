// What has to be there before anything can run: a Node that is new enough, the packages, the build.
// Plain Node without any package, because it runs before there is one.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_NEEDED = [20, 19];
const OUTPUTS = ['apps/server/dist/bundle/main.js', 'apps/dashboard/dist/index.html'];
const SOURCES = ['apps', 'libs', 'prisma', 'package-lock.json', 'tsconfig.base.json', 'prisma.config.mjs', 'nx.json'];
const NOT_SOURCES = new Set(['node_modules', 'dist']);
const GENERATED = 'apps/server/src/database/generated';
const TEST_FILE = /\.(spec|int-spec|e2e)\.tsx?$/;

/** Installs and builds what is missing or out of date, and says so while it does. */
export async function prepare() {
  checkNode();
  await install();
  await build();
}

/** Ends the process with a way out when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])) return;
  fail(
    `Perch needs Node ${NODE_NEEDED.join('.')} or newer, and this is ${process.versions.node}. See https://nodejs.org.`,
  );
}

/** Runs `npm ci` unless node_modules is what package-lock.json asks for. */
export async function install() {
  if (isInstalled()) return;
  step('Installing packages (the first time takes a minute or two)');
  await runNpm(['ci', '--include=dev', '--include=optional']);
}

/** Runs the build unless nothing has changed since the last one. */
export async function build() {
  const stampFile = join(root, '.perch', 'build');
  const stamp = hashSources();
  if (OUTPUTS.every((path) => existsSync(join(root, path))) && readIfThere(stampFile) === stamp) return;
  step('Building (the first time takes half a minute)');
  await run(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build'], {
    NX_DAEMON: 'false',
    NX_TUI: 'false',
  });
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Runs a program in the checkout with its output visible. Ends the process when it fails. */
export async function run(program, args, env = {}) {
  const code = await new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code !== 0) fail(`"${[program, ...args].join(' ')}" ended with ${code}; its output is above.`);
}

/** Says what takes so long. */
export function step(text) {
  console.log(`\u203A ${text} ...`);
}

/** Ends the process with one line. */
export function fail(text) {
  console.error(text);
  process.exit(1);
}

// npm writes down what it has installed: every package that is not optional must be there, in the locked version.
function isInstalled() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return false;
  const wanted = Object.entries(readPackages('package-lock.json') ?? {});
  return wanted.every(([path, { version, optional, devOptional, link }]) => {
    if (!path.includes('node_modules/') || optional || devOptional) return true;
    return link ? path in installed : installed[path]?.version === version;
  });
}

function readPackages(path) {
  const text = readIfThere(join(root, path));
  return text === null ? null : JSON.parse(text).packages;
}

// By size and time of change, which is enough to notice an edit and takes a few milliseconds.
function hashSources() {
  const hash = createHash('sha256').update(process.version);
  for (const path of SOURCES) addToHash(hash, path);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats || path === GENERATED) return;
  if (!stats.isDirectory()) return void hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\0`);
  for (const name of readdirSync(join(root, path)).sort()) {
    if (!NOT_SOURCES.has(name) && !TEST_FILE.test(name)) addToHash(hash, `${path}/${name}`);
  }
}

// npm knows how it was started; asking for "npm" by name would need a shell on Windows.
function runNpm(args) {
  const cli = process.env.npm_execpath;
  return cli ? run(process.execPath, [cli, ...args]) : run('npm', args);
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
