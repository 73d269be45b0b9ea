import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const packages = ['broker', 'client', 'nest', 'policy', 'wire'];

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, Record<string, string>>;
  readonly dependencies?: Record<string, string>;
}

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(root, 'libs', name, 'package.json'), 'utf8')) as Manifest;

/** What npm would put into each package. */
function pack(): Map<string, string[]> {
  const workspaces = packages.flatMap((name) => ['-w', `libs/${name}`]);
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...workspaces], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = JSON.parse(output) as Packed[];
  return new Map(packed.map(({ name, files }) => [name, files.map(({ path }) => path)]));
}

describe('a library as npm packs it', () => {
  const packed = pack();

  test.each(packages)('%s has all that its exports name, a README, and no tests', (name) => {
    const { name: fullName, exports } = manifestOf(name);
    const files = packed.get(fullName) ?? [];
    const targets = Object.values(exports).flatMap((conditions) => Object.values(conditions));
    expect(targets.length).toBeGreaterThanOrEqual(3);
    for (const target of targets) expect(files).toContain(target.replace('./', ''));
    expect(files).toContain('README.md');
    expect(files.filter((file) => /\.spec\.|tsbuildinfo/.test(file))).toEqual([]);
  });

  test.each(packages)('%s names every package that its code imports', (name) => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name) as Manifest & {
      readonly peerDependencies?: Record<string, string>;
    };
    const files = (packed.get(manifestOf(name).name) ?? []).filter(
      (file) => file.startsWith('dist/') && file.endsWith('.js') && !file.includes('/testing/'),
    );
    expect(files.length).toBeGreaterThan(1);
    const known = Object.keys({ ...dependencies, ...peerDependencies });
    const isKnown = (target: string) => known.some((each) => target === each || target.startsWith(`${each}/`));
    const imported = files.flatMap((file) => importsOf(readFileSync(join(root, 'libs', name, file), 'utf8')));
    const unknown = imported.filter((target) => !target.startsWith('node:') && !isKnown(target));
    expect([...new Set(unknown)]).toEqual([]);
  });
});

/** What compiled code imports of other packages. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/^(?:import|export) [\w*{},\s]* from '([^'.][^']*)';/gm)].map(([, target = '']) => target);
}
