import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const dashboard = join(import.meta.dirname, '../../..');
const committed = join(import.meta.dirname, 'generated');
const scratch = await mkdtemp(join(tmpdir(), 'perch-client-'));
afterAll(() => rm(scratch, { recursive: true }));

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [path.slice(folder.length), await readFile(path, 'utf8')] as const);
  return new Map((await Promise.all(files)).sort());
}

test('the committed client is what the committed OpenAPI document generates', { timeout: 30_000 }, async () => {
  const generator = join(dashboard, '../../node_modules/@hey-api/openapi-ts/bin/run.js');
  await promisify(execFile)(process.execPath, [generator, '--output', scratch], { cwd: dashboard });
  expect(await filesOf(scratch)).toEqual(await filesOf(committed));
});
