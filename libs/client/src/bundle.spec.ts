import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'perch-client-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that uses these exports, minified, and its bytes when gzipped. */
async function bundle(exports: string): Promise<{ bytes: number; code: string }> {
  const entry = join(folder, 'entry.js');
  writeFileSync(entry, `export ${exports} from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};`);
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['perch-source'] },
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'], fileName: 'bundle' }, minify: true },
  })) as Rolldown.RolldownOutput[];
  const code = output.flatMap((each) => each.output.map((chunk) => ('code' in chunk ? chunk.code : ''))).join('');
  return { bytes: gzipSync(code, { level: 9 }).length, code };
}

test('all of the client is less than 8 kB, and what is not used is left out', async () => {
  const all = await bundle('*');
  const some = await bundle('{ connect }');
  expect(all.code).toContain('$SYS/broker/connection/clients/');
  expect(some.code).not.toContain('$SYS/broker/connection/clients/');
  expect(all.bytes).toBeLessThan(8000);
  expect(some.bytes).toBeLessThan(all.bytes);
  expect(all.code).not.toMatch(/\bimport\b/);
});
