import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, type TestApi, startTestApi } from './testing/api-client.js';
import { configureHttp } from './configure-http.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

describe('every error is a problem', () => {
  test('with the id of its request, and nothing about the server', async () => {
    const { status, body, headers } = await api.admin.get('/nothing-here');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toEqual({
      type: 'urn:perch:problem:not-found',
      title: 'There is no such thing',
      status: 404,
      detail: 'There is no such route.',
      instance: headers.get('x-request-id'),
      code: 'not-found',
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test.each([
    ['a body that is not JSON', '{"username": ', {}, 400, 'bad-json'],
    ['a body that is no object', '"text"', {}, 400, 'bad-json'],
    [
      'a body of another type',
      'username=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['a body in an unknown encoding', '{}', { 'content-encoding': 'zstd' }, 415, 'unsupported-media-type'],
    ['a body of more than 1 MiB', JSON.stringify({ username: 'x'.repeat(1024 * 1024) }), {}, 413, 'too-large'],
  ])('%s', async (_what, body, headers, status, code) => {
    expect(await api.admin.post('/users', body, headers)).toMatchObject({ status, body: { status, code } });
  });

  test('a path with broken percent encoding', async () => {
    expect(await api.admin.get('/users/%E0%A4%A')).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });

  test('wrong fields are all named, with where they are', async () => {
    const { status, body } = await api.admin.post('/users', {
      username: ' x',
      password: 'short',
      note: 7,
      admin: true,
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'invalid-fields' });
    expect((body.errors as { path: string }[]).map(({ path }) => path).toSorted()).toEqual([
      'admin',
      'note',
      'password',
      'username',
    ]);
  });

  test('a wrong query names its field', async () => {
    const { status, body } = await api.admin.get('/users?limit=501&sort=name');
    expect([status, (body.errors as { path: string }[]).map(({ path }) => path)]).toEqual([400, ['limit', 'sort']]);
  });

  test.each(['/users?after=***', '/audit?after=YWJj', '/policy/revisions?after=YWJj', '/clients?after=AA%3D%3D'])(
    'a cursor that is not of the list: %s',
    async (path) => {
      expect(await api.admin.get(path)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    },
  );
});

describe('headers', () => {
  test('an answer of the API is not kept by anybody', async () => {
    const { headers } = await api.admin.get('/stats');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('pages run no inline script, come from nowhere else and fit in no frame', async () => {
    const policy = (await fetch(`${api.app.url}/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('upgrade-insecure-requests');
  });
});

describe('the documentation', () => {
  test('page loads only from this server, without inline script', async () => {
    const page = await (await fetch(`${api.app.url}/api/docs`)).text();
    expect(page).toContain('<title>Perch API</title>');
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      const response = await fetch(new URL(source, `${api.app.url}/api/docs`));
      expect([source, response.status]).toEqual([source, 200]);
      expect(new URL(source, api.app.url).origin).toBe(api.app.url);
    }
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });
});

class NoRoutes {}

describe('the dashboard', () => {
  let directory: string;
  let app: NestExpressApplication;
  let web: ApiClient;

  async function serve(files: Record<string, string>) {
    directory = await mkdtemp(join(tmpdir(), 'perch-dashboard-'));
    await mkdir(join(directory, 'assets'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    app = await NestFactory.create<NestExpressApplication>({ module: NoRoutes }, { logger: false });
    configureHttp(app, { maxPacketBytes: 1024, dashboardDirectory: directory });
    await app.listen(0, '127.0.0.1');
    web = new ApiClient(await app.getUrl(), '');
  }

  async function stop() {
    await app.close();
    await rm(directory, { recursive: true });
  }

  test('answers every page with index.html, assets for ever, and unknown assets and routes not at all', async () => {
    await serve({ 'index.html': '<p>dashboard</p>', 'assets/app-1a2b.js': 'app()', 'logo.svg': '<svg/>' });
    for (const path of ['/', '/clients', '/rules?q=1', '/clients/a.b', '/index.html']) {
      const { status, body, headers } = await web.get<string>(path);
      expect([path, status, body, headers.get('cache-control')]).toEqual([path, 200, '<p>dashboard</p>', 'no-cache']);
    }
    const asset = await web.get('/assets/app-1a2b.js');
    expect([asset.body, asset.headers.get('cache-control')]).toEqual(['app()', 'public, max-age=31536000, immutable']);
    expect((await web.get('/logo.svg')).headers.get('cache-control')).toBe('no-cache');
    for (const path of ['/assets/gone.js', '/api/nothing', '/health/nothing', '/api', '/mqtt', '/ws']) {
      expect([path, (await web.get(path)).status]).toEqual([path, 404]);
    }
    expect((await web.post('/clients')).status).toBe(404);
    expect((await web.get('/..%2f..%2fetc/passwd')).body).not.toContain('root:');
    await stop();
  });

  test('says how to build it while it is not built', async () => {
    await serve({});
    expect(await web.get('/')).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') as string });
    await stop();
  });
});
