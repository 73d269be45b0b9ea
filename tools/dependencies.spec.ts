import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The part of package.json, and of an entry of package-lock.json, that these tests read. */
interface Package {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly overrides?: Record<string, unknown>;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
}

const lock = readJson('package-lock.json') as { packages: Record<string, Package> };
const locked = Object.entries(lock.packages);
/** The root and every workspace: all that is not somebody else's package. */
const ownFolders = locked.map(([folder]) => folder).filter((folder) => !folder.includes('node_modules'));

/** Every version that a package.json asks for, as `name@version`. */
function wanted({ dependencies, devDependencies, optionalDependencies, overrides }: Package): string[] {
  const named = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return [...Object.entries(named).map(([name, version]) => `${name}@${version}`), ...overridden(overrides ?? {})];
}

function overridden(overrides: Record<string, unknown>): string[] {
  return Object.entries(overrides).flatMap(([name, version]) =>
    typeof version === 'string' ? [`${name}@${version}`] : overridden(version as Record<string, unknown>),
  );
}

describe('dependencies', () => {
  test.each(ownFolders.map((folder) => [folder === '' ? 'package.json' : `${folder}/package.json`]))(
    '%s asks for exact versions only',
    (path) => {
      const loose = wanted(readJson(path) as Package).filter(
        (each) => !/.@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(each),
      );
      expect(loose).toEqual([]);
    },
  );

  test('the apps, the libraries and the end-to-end tests are all among those', () => {
    expect(ownFolders).toEqual(expect.arrayContaining(['', 'apps/server', 'apps/dashboard', 'libs/policy', 'e2e']));
  });

  // An address would bind every install to the registry, or the mirror, that the last author happened to use.
  test('package-lock.json names no address to download from', () => {
    const addressed = locked.filter(([, { resolved = '' }]) => /^[a-z+]+:|^\/\//.test(resolved));
    expect(addressed.map(([folder]) => folder)).toEqual([]);
  });

  test('package-lock.json holds the hash of everything that is downloaded', () => {
    const foreign = locked.filter(
      ([folder, { link, inBundle }]) => folder.includes('node_modules') && !link && !inBundle,
    );
    expect(foreign.length).toBeGreaterThan(100);
    expect(
      foreign.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([folder]) => folder),
    ).toEqual([]);
  });
});
