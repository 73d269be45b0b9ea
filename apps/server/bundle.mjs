// npm run bundle -w @perch/server: the compiled server and its packages as a few files, because to find and read 1,500 of them
// is a third of what a start costs. Does nothing when they are what was compiled last.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
/** One folder deep, as the files that look from where they are for package.json, the migrations and the dashboard. */
const folder = join(here, 'dist/bundle');
const stampFile = join(folder, '.made-of');
const compiled = ['apps/server', 'libs/broker', 'libs/policy', 'libs/wire'].map((path) => join(root, path, 'dist'));

/** Native code, and what finds files of its own beside itself, stay packages; so does what hardly any server loads. */
const external = [
  /^@node-rs\//,
  /^@opentelemetry\//,
  /^@prisma\/client\/runtime\/query_compiler/,
  'pino',
  // Nest asks for these and does without.
  /^@nestjs\/(microservices|platform-socket\.io)/,
  /^class-(transformer|validator)/,
  '@fastify/static',
];

/** Lets the maps of the bundle lead to the sources instead of to what was compiled of them. */
const sourceMapsOfCompiler = {
  name: 'source-maps-of-compiler',
  load(id) {
    if (!compiled.some((path) => id.startsWith(path)) || !existsSync(`${id}.map`)) return null;
    return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
  },
};

const stamp = hashInputs();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) await makeBundle();

async function makeBundle() {
  const build = await rolldown({
    cwd: here,
    input: { main: 'dist/main.js', perch: 'dist/cli/main.js' },
    platform: 'node',
    // It is compiled already, and an image is built without all that the projects refer to.
    tsconfig: false,
    external,
    plugins: [sourceMapsOfCompiler],
    // Among others, that a package is not there: better told now than at a start.
    onLog(level, { message }) {
      if (level === 'warn') throw new Error(message);
    },
  });
  await build.write({
    dir: folder,
    cleanDir: true,
    chunkFileNames: 'part-[hash].js',
    sourcemap: 'hidden',
    sourcemapExcludeSources: true,
    // Nest and the OpenAPI document call things by the names of their classes.
    keepNames: true,
  });
  await build.close();
  writeFileSync(stampFile, stamp);
}

function hashInputs() {
  const hash = createHash('sha256');
  for (const path of [
    fileURLToPath(import.meta.url),
    join(root, 'package-lock.json'),
    ...compiled.flatMap(programsIn),
  ]) {
    hash.update(`${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function programsIn(path) {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  return files
    .map((file) => join(path, file))
    .filter((file) => !file.startsWith(folder))
    .sort();
}
