import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { sourceStack } from './source-stack.js';

const folder = mkdtempSync(join(tmpdir(), 'perch-stack-'));
const bundle = pathToFileURL(`${folder}/`);

afterAll(() => rmSync(folder, { recursive: true }));

test('a stack names the sources of what was bundled, and all else as it is', () => {
  // The second line of the bundle, from its third column on, is the first line of the source from its fifth on.
  const map = { version: 3, sources: ['../src/pump.ts'], names: [], mappings: ';EAAI' };
  writeFileSync(join(folder, 'part-1.js.map'), JSON.stringify(map));
  const others = ['    at file:///elsewhere/part-1.js:2:3', `    at ${bundle.href}part-2.js:7:1`, '    at node:fs:7:1'];
  const stack = ['Error: see file://host/a%zz.js:1:1', `    at run (${bundle.href}part-1.js:2:3)`, ...others];
  expect(sourceStack(stack.join('\n'), bundle).split('\n')).toEqual([
    'Error: see file://host/a%zz.js:1:1',
    `    at run (${new URL('../src/pump.ts', bundle).href}:1:5)`,
    ...others,
  ]);
});
