import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const dist = join(import.meta.dirname, '../../apps/dashboard/dist');

/** What Vite says of one chunk. */
interface Chunk {
  readonly file: string;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const chunkOf = (name: string): string => {
  const key = Object.keys(manifest).find((each) => each.endsWith(name));
  if (key === undefined) throw new Error(`There is no chunk ${name}.`);
  return key;
};

/** The files that a chunk cannot do without. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const { file, imports = [], css = [] } = manifest[key]!;
  if (seen.has(file)) return seen;
  for (const each of [file, ...css]) seen.add(each);
  for (const each of imports) filesOf(each, seen);
  return seen;
}

function kiloBytes(files: Iterable<string>, ending: string): number {
  const sizes = [...files]
    .filter((file) => file.endsWith(ending))
    .map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

// Before any page: the entry, and the frame around all pages.
const initial = new Set([...filesOf('index.html'), ...filesOf(chunkOf('app/shell/shell.tsx'))]);

/** Chunks that are loaded when they are wanted: pages, and what opens on them. */
const wanted = Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry === true);
const partOf = (key: string): string => /features\/([^/]+)/.exec(key)?.[1] ?? key;

/** What only these need: the kit and what several pages share is loaded once, whichever page is first. */
function own(...keys: string[]): string[] {
  const parts = new Set(keys.map(partOf));
  const page = (key: string) =>
    key.endsWith('-page.tsx') && !keys.includes(key) && !keys.some((each) => each.endsWith('-page.tsx'));
  const others = wanted.filter((key) => !parts.has(partOf(key)) || page(key));
  const shared = new Set([...initial, ...others.flatMap((key) => [...filesOf(key)])]);
  return [...new Set(keys.flatMap((key) => [...filesOf(key)]))].filter((file) => !shared.has(file));
}

const testClient = ['test-client/test-client-page.tsx', 'test-client/mqtt-link.ts'].map(chunkOf);
const palette = chunkOf('app/shell/command-palette.tsx');

test('before any page at most 250 kB of script and 45 kB of style are loaded', () => {
  expect(kiloBytes(initial, '.js')).toBeLessThanOrEqual(250);
  expect(kiloBytes(initial, '.css')).toBeLessThanOrEqual(45);
});

test.each(wanted.filter((key) => !testClient.includes(key)))('%s adds at most 60 kB', (key) => {
  expect(kiloBytes(own(key), '.js')).toBeLessThanOrEqual(60);
});

test('the test client adds at most 130 kB with its MQTT library, the palette 50 kB', () => {
  expect(kiloBytes(own(...testClient), '.js')).toBeGreaterThan(60);
  expect(kiloBytes(own(...testClient), '.js')).toBeLessThanOrEqual(130);
  expect(kiloBytes(own(palette), '.js')).toBeLessThanOrEqual(50);
});

test('MQTT is loaded by nobody but the test client that connects', () => {
  const { file } = manifest[chunkOf('test-client/mqtt-link.ts')]!;
  const loaders = Object.keys(manifest).filter((key) => filesOf(key).has(file));
  expect(loaders).toEqual([chunkOf('test-client/mqtt-link.ts')]);
});

test('the page has no inline script, and nothing in it comes from elsewhere', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, text] of scripts) {
    expect(attributes).toMatch(/\ssrc="\//);
    expect(text).toBe('');
  }
  expect(html).not.toMatch(/\son\w+=/);
  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].filter(([, to]) => !to!.startsWith('/'))).toEqual([]);
});
