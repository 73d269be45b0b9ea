import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['apps', 'libs', 'e2e', 'tools'].map((name) => join(root, name));
const SKIPPED = /(^|\/)(node_modules|dist|generated)\//;

/** The files that each file imports, types alone not counted: those are gone when it runs. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** One pass over all files: a rule of the linter that follows every import of every file takes half a minute more. */
test('no file imports itself by way of others', () => {
  const files = folders.flatMap(sourcesIn);
  const unknown: string[] = [];
  const graph = new Map(files.map((file) => [file, importsOf(file, readFileSync(file, 'utf8'), unknown)]));
  expect(files.length).toBeGreaterThan(1500);
  expect(unknown).toEqual([]);
  const reached = graph.get(join(root, 'apps/server/src/broker/broker-factory.ts'));
  expect(reached).toContain(join(root, 'libs/broker/src/index.ts'));
  expect(reached).toContain(join(root, 'apps/server/src/broker/stores/stores.ts'));
  expect(cycleIn(graph)?.map((file) => relative(root, file)) ?? null).toBeNull();
});

test.each([
  ['two files', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
  ['a longer way that begins elsewhere', { a: ['x', 'b'], x: [], b: ['c'], c: ['d'], d: ['x', 'b'] }, 'bcdb'.split('')],
  ['a file and itself', { a: ['a'] }, ['a', 'a']],
  ['two ways to the same file', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, null],
])('a cycle is found, or none: %s', (_, imports, cycle) => {
  expect(cycleIn(new Map(Object.entries(imports)))).toEqual(cycle);
});

test('everything counts that imports at run time', () => {
  const text = `
    import { join } from 'node:path';
    import { test } from 'vitest';
    import './perch-server.js';
    import { type Looks, useBrowser } from './browser.js';
    import { type Page } from './device.js';
    import type { Speaker } from './speaker.js';
    export type { RawPeer } from './raw-peer.js';
    export { waitFor } from './wait-for.js';
    import { Frame } from '@perch/wire';
    await import('./axe.js');
  `;
  const imported = importsOf(join(root, 'e2e/support/some.ts'), text, []);
  const names = ['perch-server', 'browser', 'wait-for', 'axe'].map((name) => `e2e/support/${name}.ts`);
  expect(imported.map((file) => relative(root, file)).sort()).toEqual([...names, 'libs/wire/src/index.ts'].sort());
});

function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.tsx?$/.test(file) && !SKIPPED.test(file)).map((file) => join(folder, file));
}

/** What is our own of what the file imports. Adds to `unknown` what is not there. */
function importsOf(file: string, text: string, unknown: string[]): string[] {
  const names = importedNames(file, text).filter(
    (name) => /^(\.|@perch\/)/.test(name) && !/\.(css|json|mjs)$/.test(name),
  );
  const targets = names.map((name) => ({ name, target: find(file, name) }));
  unknown.push(
    ...targets.filter(({ target }) => target === null).map(({ name }) => `${relative(root, file)}: ${name}`),
  );
  return targets.flatMap(({ target }) => (target === null || SKIPPED.test(target) ? [] : [target]));
}

function importedNames(file: string, text: string): string[] {
  const { errors, module } = parseSync(file, text);
  expect(errors, file).toEqual([]);
  const runs = (entries: readonly { readonly isType: boolean }[]) =>
    entries.length === 0 || entries.some(({ isType }) => !isType);
  return [
    ...module.staticImports.filter(({ entries }) => runs(entries)).map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports
      .flatMap(({ entries }) => entries)
      .flatMap(({ isType, moduleRequest }) => (isType || !moduleRequest ? [] : [moduleRequest.value])),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
}

/** As TypeScript does: the source of our own packages, and `.ts` or `.tsx` behind `.js`. */
function find(file: string, name: string): string | null {
  if (name.startsWith('@perch/')) return sourceOfPackage(name);
  const path = join(dirname(file), name).replace(/\.jsx?$/, '');
  return [`${path}.ts`, `${path}.tsx`, `${path}.d.ts`, path].find((each) => existsSync(each)) ?? null;
}

function sourceOfPackage(name: string): string | null {
  const [, library = '', entry] = name.split('/');
  const folder = join(root, 'libs', library);
  if (!existsSync(folder)) return null;
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Record<string, { readonly 'perch-source': string } | undefined>;
  };
  const source = exports[entry === undefined ? '.' : `./${entry}`]?.['perch-source'];
  return source === undefined ? null : join(folder, source);
}

/** A way from a file back to itself, or null. */
function cycleIn(graph: Graph): string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] | null => {
    const begin = way.indexOf(file);
    if (begin >= 0) return [...way.slice(begin), file];
    if (done.has(file)) return null;
    way.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    way.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle) return cycle;
  }
  return null;
}
