import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { namedSettings } from './setting-names.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: { readonly perch: Service; readonly postgres: Service };
  readonly volumes: Readonly<Record<string, unknown>>;
}

const variables = namedSettings.map(({ variable }) => variable);
const instructions = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));

/** There is no Docker where this project is tested, so what can be checked without it is. */
describe('Dockerfile', () => {
  const copies = instructions.filter((line) => line.startsWith('COPY '));
  const fromCheckout = copies
    .filter((line) => !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));

  test.each(fromCheckout)('what it copies is there: %s', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });

  test('the manifest of every workspace is there before npm ci reads the lock file', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> };
    const workspaces = Object.keys(lock.packages).filter((path) => path !== '' && !path.includes('node_modules/'));
    expect(workspaces).toContain('apps/server');
    for (const workspace of workspaces) expect(fromCheckout).toContain(`${workspace}/package.json`);
  });

  test('every library that the server imports is copied with its build', () => {
    const manifest = JSON.parse(read('apps/server/package.json')) as { dependencies: Record<string, string> };
    const libraries = Object.keys(manifest.dependencies).filter((name) => name.startsWith('@perch/'));
    for (const name of libraries) {
      expect(copies).toContainEqual(expect.stringContaining(`libs/${name.slice('@perch/'.length)}/dist`));
    }
  });

  test('it runs as an ordinary user, on Node 24, and tells whether it is healthy', () => {
    expect(instructions.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    for (const line of instructions.filter((one) => one.startsWith('FROM ')))
      expect(line).toMatch(/^FROM node:24-slim/);
    expect(instructions.find((line) => line.startsWith('HEALTHCHECK '))).toContain('/health/live');
  });

  test('it sets only variables that the server knows', () => {
    const set = instructions
      .filter((line) => line.startsWith('ENV '))
      .flatMap((line) => line.match(/[A-Z_]+(?==)/g) ?? []);
    expect(set.filter((name) => name !== 'NODE_ENV' && !variables.includes(name))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(read('docker-compose.yml')) as Compose;

  test('it sets only variables that the server knows', () => {
    expect(Object.keys(services.perch.environment).filter((name) => !variables.includes(name))).toEqual([]);
  });

  test('the server waits for a database that says it is healthy, and is given its address', () => {
    expect(services.perch.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(services.postgres.healthcheck).toBeDefined();
    const { hostname, username, pathname } = new URL(services.perch.environment['DATABASE_URL'] ?? '');
    const { POSTGRES_USER, POSTGRES_DB } = services.postgres.environment;
    expect([hostname, username, pathname]).toEqual(['postgres', POSTGRES_USER, `/${POSTGRES_DB}`]);
  });

  test('the data outlives the containers', () => {
    const [name = ''] = services.postgres.volumes?.[0]?.split(':') ?? [];
    expect(Object.keys(volumes)).toContain(name);
  });
});
