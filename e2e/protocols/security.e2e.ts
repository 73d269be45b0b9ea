import { beforeAll, describe, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow, OperatorApi, whole } from '../support/operator-api.js';
import { adminPassword } from '../support/perch-server.js';
import { useServer } from '../support/use-server.js';

const PASSWORD = 'a password of more than twelve';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const rule = whole(allow('joy', 'pubsub', 'plant/#'));

type Role = 'stranger' | 'viewer' | 'operator' | 'admin';
const roles: readonly Role[] = ['stranger', 'viewer', 'operator', 'admin'];

/** The least role that a route needs, and a request that makes sense there. */
interface Route {
  readonly needs: Role;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Written down here a second time on purpose: a route that lost its guard must not change what is expected of it. */
const routes: Readonly<Record<string, Route>> = {
  'GET /health/live': { needs: 'stranger' },
  'GET /health/ready': { needs: 'stranger' },
  'GET /metrics': { needs: 'viewer' },
  'GET /api/v1/series': { needs: 'viewer', query: '?metric=perch_clients' },
  'GET /api/v1/traffic': { needs: 'viewer' },
  'GET /api/v1/series/metrics': { needs: 'viewer' },
  'GET /api/v1/setup': { needs: 'stranger' },
  'POST /api/v1/setup': { needs: 'stranger', body: { token: 'x'.repeat(32), name: 'mallory', password: PASSWORD } },
  'POST /api/v1/auth/login': { needs: 'stranger', body: { name: 'admin', password: adminPassword } },
  'POST /api/v1/auth/logout': { needs: 'viewer' },
  'GET /api/v1/auth/me': { needs: 'viewer' },
  'GET /api/v1/audit': { needs: 'viewer' },
  'GET /api/v1/audit/export': { needs: 'viewer' },
  'GET /api/v1/audit/verify': { needs: 'viewer' },
  'GET /api/v1/audit/retention': { needs: 'viewer' },
  'PUT /api/v1/audit/retention': { needs: 'admin', body: { days: null } },
  'GET /api/v1/stats': { needs: 'viewer' },
  'GET /api/v1/server': { needs: 'viewer' },
  'GET /api/v1/clients': { needs: 'viewer' },
  'GET /api/v1/clients.csv': { needs: 'viewer' },
  'POST /api/v1/clients/loads': { needs: 'viewer', body: { clientIds: ['nobody'] } },
  'POST /api/v1/clients/ranks': { needs: 'viewer', body: { by: 'subscriptions' } },
  'POST /api/v1/clients/bulk': { needs: 'operator', body: { action: 'kick', clientIds: ['nobody'] } },
  'POST /api/v1/bans/bulk': { needs: 'operator', body: { clientIds: ['by-role'], reason: 'test' } },
  'GET /api/v1/clients/{clientId}': { needs: 'viewer' },
  'GET /api/v1/clients/{clientId}/timeline': { needs: 'viewer' },
  'DELETE /api/v1/clients/{clientId}/subscriptions': { needs: 'operator', query: '?filter=plant/none' },
  'POST /api/v1/clients/{clientId}/kick': { needs: 'operator', body: { reason: 'test' } },
  'GET /api/v1/connections': { needs: 'viewer' },
  'DELETE /api/v1/connections/{clientId}': { needs: 'operator' },
  'GET /api/v1/sessions': { needs: 'viewer' },
  'GET /api/v1/sessions/{clientId}': { needs: 'viewer' },
  'DELETE /api/v1/sessions/{clientId}': { needs: 'operator' },
  'DELETE /api/v1/sessions/{clientId}/queue': { needs: 'operator' },
  'GET /api/v1/registry': { needs: 'viewer' },
  'POST /api/v1/event/{topic}': { needs: 'operator', body: { test: true } },
  'GET /api/v1/bans': { needs: 'viewer' },
  'POST /api/v1/bans': { needs: 'operator', body: { kind: 'clientid', value: 'by-role' } },
  'POST /api/v1/bans/preview': { needs: 'viewer', body: { kind: 'clientid', value: 'by-role' } },
  'PATCH /api/v1/bans/{id}': { needs: 'operator', body: { reason: 'test' } },
  'DELETE /api/v1/bans/{id}': { needs: 'operator' },
  'GET /api/v1/refusals': { needs: 'viewer' },
  'GET /api/v1/refusals/{key}/explanation': { needs: 'viewer' },
  'GET /api/v1/users': { needs: 'viewer' },
  'GET /api/v1/users/{id}': { needs: 'viewer' },
  'POST /api/v1/users': { needs: 'operator', body: { username: 'by-role', password: PASSWORD } },
  'PATCH /api/v1/users/{id}': { needs: 'operator', body: { note: 'test' } },
  'POST /api/v1/users/{id}/password': { needs: 'operator', body: { password: PASSWORD } },
  'DELETE /api/v1/users/{id}': { needs: 'operator' },
  'GET /api/v1/users/{id}/login-bans': { needs: 'viewer' },
  'POST /api/v1/users/{id}/login-bans': {
    needs: 'operator',
    body: { address: '192.0.2.7', until: '2100-01-01T00:00:00Z' },
  },
  'DELETE /api/v1/users/{id}/login-bans': { needs: 'operator', query: '?address=192.0.2.7' },
  'POST /api/v1/users/bulk': { needs: 'operator', body: { action: 'disable', ids: [NOBODY] } },
  'GET /api/v1/users/export': { needs: 'viewer' },
  'POST /api/v1/users/import': { needs: 'operator', body: { format: 'csv', text: 'username', dryRun: true } },
  'GET /api/v1/users/labels': { needs: 'viewer' },
  'GET /api/v1/policy': { needs: 'viewer' },
  'PUT /api/v1/policy': { needs: 'operator', body: { rules: [rule] }, headers: { 'If-Match': '"1"' } },
  'POST /api/v1/policy/rules': { needs: 'operator', body: { rule } },
  'GET /api/v1/policy/rules/{id}': { needs: 'viewer' },
  'PATCH /api/v1/policy/rules/{id}': { needs: 'operator', body: { note: 'test' } },
  'DELETE /api/v1/policy/rules/{id}': { needs: 'operator' },
  'POST /api/v1/policy/rules/{id}/move': { needs: 'operator', body: { position: 0 } },
  'POST /api/v1/policy/import': {
    needs: 'operator',
    body: { format: 'acl.conf', text: '', mode: 'append', dryRun: true },
  },
  'GET /api/v1/policy/export': { needs: 'viewer', query: '?format=json' },
  'POST /api/v1/policy/explain': {
    needs: 'viewer',
    body: { client: { clientId: 'c' }, action: 'publish', topic: 'plant/1' },
  },
  'GET /api/v1/policy/revisions': { needs: 'viewer' },
  'GET /api/v1/policy/revisions/{revision}': { needs: 'viewer' },
  'POST /api/v1/policy/revisions/{revision}/restore': { needs: 'operator', body: { message: 'test' } },
  'GET /api/v1/policy/diff': { needs: 'viewer', query: '?from=1' },
  'GET /api/v1/policy/blame': { needs: 'viewer' },
  'GET /api/v1/policy/hits': { needs: 'viewer' },
  'POST /api/v1/policy/tests': { needs: 'viewer', body: {} },
  'POST /api/v1/policy/lint': { needs: 'viewer', body: { rules: [rule] } },
  'POST /api/v1/policy/who': { needs: 'viewer', body: { action: 'publish', filter: 'plant/1' } },
  'POST /api/v1/policy/reach': { needs: 'viewer', body: { client: { clientId: 'c' } } },
  'POST /api/v1/policy/propose': {
    needs: 'viewer',
    body: { client: { clientId: 'c' }, action: 'publish', topic: 'plant/1', effect: 'allow' },
  },
  'GET /api/v1/policy/suggest/{clientId}': { needs: 'viewer' },
  'POST /api/v1/policy/impact': { needs: 'viewer', body: { rules: [rule] } },
  'GET /api/v1/policy/impact/{id}': { needs: 'viewer' },
  'DELETE /api/v1/policy/impact/{id}': { needs: 'viewer' },
  'POST /api/v1/policy/import/analyse': { needs: 'viewer', body: { format: 'acl.conf', text: '' } },
  'GET /api/v1/policy/shadow': { needs: 'viewer' },
  'PUT /api/v1/policy/shadow': { needs: 'operator', body: { rules: [rule] } },
  'DELETE /api/v1/policy/shadow': { needs: 'operator' },
  'GET /api/v1/policy/shadow/report': { needs: 'viewer' },
  'GET /api/v1/retained': { needs: 'viewer' },
  'GET /api/v1/retained/export': { needs: 'operator', query: '?filter=plant/none' },
  'POST /api/v1/retained/import': { needs: 'operator' },
  'GET /api/v1/retained/jobs': { needs: 'viewer' },
  'POST /api/v1/retained/jobs': { needs: 'operator', body: { filter: 'plant/none/#', expected: 0 } },
  'POST /api/v1/retained/jobs/{id}/stop': { needs: 'operator' },
  'POST /api/v1/retained/jobs/{id}/undo': { needs: 'operator' },
  'GET /api/v1/retained/count': { needs: 'viewer' },
  'GET /api/v1/retained/message': { needs: 'operator', query: '?topic=secret/payload' },
  'PUT /api/v1/retained/message': {
    needs: 'operator',
    query: '?topic=plant/put',
    body: { payload: 'x', encoding: 'utf8' },
  },
  'POST /api/v1/retained/message/restore': { needs: 'operator', query: '?topic=plant/none' },
  'DELETE /api/v1/retained/message': { needs: 'operator', query: '?topic=plant/none' },
  'GET /api/v1/topics': { needs: 'viewer' },
  'GET /api/v1/topics/subscribers': { needs: 'viewer', query: '?filter=plant/1' },
  'POST /api/v1/topics/rates': { needs: 'viewer', body: { topics: ['plant/1'] } },
  // Not confirmed: a stream would not end.
  'POST /api/v1/tails': { needs: 'operator', body: { filter: '#' } },
  'POST /api/v1/publish': { needs: 'operator', body: { topic: 'plant/1', payload: 'x' } },
  // No filter: a stream would not end.
  'GET /api/v1/subscribe': { needs: 'operator', query: '?filter=%23/a' },
  'POST /api/v1/publish/batch': { needs: 'operator', body: { messages: [{ topic: 'plant/1', payload: 'x' }] } },
  'GET /api/v1/operators': { needs: 'admin' },
  'POST /api/v1/operators': { needs: 'admin', body: { name: 'by-role', password: PASSWORD, role: 'viewer' } },
  'PATCH /api/v1/operators/{id}': { needs: 'admin', body: { role: 'viewer' } },
  'DELETE /api/v1/operators/{id}': { needs: 'admin' },
  'GET /api/v1/operators/{id}/sessions': { needs: 'admin' },
  'DELETE /api/v1/operators/{id}/sessions': { needs: 'admin' },
  'DELETE /api/v1/operators/{id}/sessions/{sessionId}': { needs: 'admin' },
  'DELETE /api/v1/operators/{id}/second-factor': { needs: 'admin' },
  'GET /api/v1/invitations': { needs: 'admin' },
  'POST /api/v1/invitations': { needs: 'admin', body: { name: 'invited', role: 'viewer' } },
  'DELETE /api/v1/invitations/{id}': { needs: 'admin' },
  'POST /api/v1/invitations/look': { needs: 'stranger', body: { token: 'x' } },
  'POST /api/v1/invitations/accept': { needs: 'stranger', body: { token: 'x', password: PASSWORD } },
  'POST /api/v1/account/password': { needs: 'viewer', body: { current: 'not it', password: PASSWORD } },
  'POST /api/v1/account/second-factor': { needs: 'viewer' },
  'POST /api/v1/account/second-factor/confirm': { needs: 'viewer', body: { code: '000000' } },
  'POST /api/v1/account/second-factor/remove': { needs: 'viewer', body: { current: 'not it' } },
  'GET /api/v1/account/sessions': { needs: 'viewer' },
  'DELETE /api/v1/account/sessions/{id}': { needs: 'viewer' },
  'GET /api/v1/api-keys': { needs: 'admin' },
  'POST /api/v1/api-keys': { needs: 'admin', body: { name: 'by-role', role: 'viewer' } },
  'POST /api/v1/api-keys/{id}/rotate': { needs: 'admin', body: {} },
  'DELETE /api/v1/api-keys/{id}': { needs: 'admin' },
  'GET /api/v1/backup': { needs: 'admin' },
  'POST /api/v1/backup/plan': { needs: 'admin', body: { backup: {} } },
  'POST /api/v1/backup/restore': { needs: 'admin', body: { backup: {}, plan: 'none' } },
  'GET /api/v1/bridges': { needs: 'viewer' },
  'POST /api/v1/bridges/{name}/test': { needs: 'admin' },
  'GET /api/v1/settings': { needs: 'viewer' },
  'PATCH /api/v1/settings': { needs: 'admin', body: {} },
  'GET /api/v1/settings/certificates': { needs: 'viewer' },
  'GET /api/v1/settings/access': { needs: 'viewer' },
  'PUT /api/v1/settings/access': { needs: 'admin', body: {} },
  'GET /api/v1/settings/access/status': { needs: 'viewer' },
  'POST /api/v1/settings/access/invalidate': { needs: 'admin', body: {} },
  'POST /api/v1/settings/access/try': { needs: 'admin', body: {} },
};

interface OpenApi {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  for (const role of ['viewer', 'operator'])
    await admin.ok('POST', '/operators', { name: role, password: PASSWORD, role });
  await admin.ok('PUT', '/retained/message?topic=secret/payload', { payload: 'for some eyes only', encoding: 'utf8' });
});

let document: OpenApi;
/** An API key of each role. */
const keys = new Map<Role, string>();

beforeAll(async () => {
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    const input = { name: `program-${role}`, role };
    keys.set(role, (await perch.admin.ok<{ secret: string }>('POST', '/api-keys', input)).secret);
  }
  const response = await fetch(`${perch.server.url}/api/openapi.json`);
  document = (await response.json()) as OpenApi;
});

/** A browser in which this role has just signed in. */
async function signedInAs(role: Role): Promise<OperatorApi> {
  const api = new OperatorApi(perch.server);
  if (role !== 'stranger') await api.signIn(role, role === 'admin' ? adminPassword : PASSWORD);
  return api;
}

const browsers = new Map<Role, OperatorApi>();

/** A browser in which this role is signed in, the same each time: log-ins are throttled. */
async function asRole(role: Role): Promise<OperatorApi> {
  const api = browsers.get(role) ?? (await signedInAs(role));
  browsers.set(role, api);
  return api;
}

/** Sends the request of a route with whatever the browser has for cookies. */
async function tryRoute(route: string, cookie: string, headers: Record<string, string> = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const { query = '', body, headers: own = {} } = routes[route] ?? { needs: 'admin' };
  const real = path.replace('{revision}', '1').replaceAll(/\{\w+\}/g, NOBODY);
  return fetch(`${perch.server.url}${real}${query}`, {
    method,
    headers: { ...own, ...headers, ...(cookie && { cookie }), ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

describe('who may do what', () => {
  test('every route of the OpenAPI document is tried here, and there are no others', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(Object.keys(routes).sort());
  });

  test.each(Object.keys(routes))('%s', async (route) => {
    const needs = roles.indexOf(routes[route]?.needs ?? 'admin');
    for (const [index, role] of roles.entries()) {
      // Both end the session that comes with the request.
      const endsSession = ['POST /api/v1/auth/login', 'POST /api/v1/auth/logout'].includes(route);
      const { cookie } = await (endsSession ? signedInAs(role) : asRole(role));
      const response = await tryRoute(route, cookie);
      const problem = (await response.text()).slice(0, 300);
      const about = `${role}: ${problem}`;
      if (index >= needs) {
        // Done, and the token is wrong: either is an answer.
        const hasToken = route === 'POST /api/v1/setup' || route.startsWith('POST /api/v1/invitations/');
        if (!hasToken) expect([401, 403], about).not.toContain(response.status);
        expect(response.status, about).toBeLessThan(500);
        expect(Object.keys(responsesOf(route)), about).toContain(String(response.status));
      } else expect(response.status, about).toBe(role === 'stranger' ? 401 : 403);
    }
  });

  // Of its own: what a key has none of.
  const isAccount = (route: string) => /\/account\/|\/auth\/logout$/.test(route);

  test.each(Object.keys(routes))('%s, with an API key', async (route) => {
    const needs = roles.indexOf(routes[route]?.needs ?? 'admin');
    for (const [role, key] of keys) {
      const response = await tryRoute(route, '', { authorization: `Bearer ${key}` });
      const isRefused = response.status === 403 && ((await response.json()) as { code: string }).code === 'not-allowed';
      expect(isRefused, role).toBe(roles.indexOf(role) < needs || isAccount(route));
      expect(response.status, role).not.toBe(401);
      expect(response.status, role).toBeLessThan(500);
    }
  });

  const responsesOf = (route: string) => {
    const [method = '', path = ''] = route.split(' ');
    return document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  };

  test('a viewer sees that a retained message is there, and not what it says', async () => {
    const viewer = await asRole('viewer');
    const list = JSON.stringify(await viewer.get('/retained?filter=%23'));
    expect(list).toContain('secret/payload');
    expect(list).not.toContain('for some eyes only');
    expect(list).not.toContain(Buffer.from('for some eyes only').toString('base64'));
  });

  test('an operator who is disabled or loses a role feels it at once', async () => {
    const { id } = await perch.admin.ok<{ id: string }>('POST', '/operators', {
      name: 'temporary',
      password: PASSWORD,
      role: 'operator',
    });
    const api = new OperatorApi(perch.server);
    await api.signIn('temporary', PASSWORD);
    await perch.admin.ok('PATCH', `/operators/${id}`, { role: 'viewer' });
    // What was open with the old role is signed out; the new one is had by signing in again.
    expect((await api.send('GET', '/auth/me')).status).toBe(401);
    await api.signIn('temporary', PASSWORD);
    expect((await api.send('POST', '/publish', { body: { topic: 'x', payload: 'x' } })).status).toBe(403);
    expect((await api.send('GET', '/auth/me')).status).toBe(200);
    await perch.admin.ok('PATCH', `/operators/${id}`, { disabled: true });
    expect((await api.send('GET', '/auth/me')).status).toBe(401);
    expect((await api.send('POST', '/auth/login', { body: { name: 'temporary', password: PASSWORD } })).status).toBe(
      401,
    );
  });

  test('a session is over after log-out, also for who copied the cookie', async () => {
    const api = await signedInAs('viewer');
    const { cookie } = api;
    await api.ok('POST', '/auth/logout');
    const thief = new OperatorApi(perch.server);
    thief.cookie = cookie;
    expect((await thief.send('GET', '/auth/me')).status).toBe(401);
  });
});

describe('pages of other sites', () => {
  const unsafe = Object.keys(routes).filter((route) => !route.startsWith('GET '));

  test.each(unsafe)('%s is refused to them', async (route) => {
    const { cookie } = perch.admin;
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${perch.server.httpPort + 1}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const response = await tryRoute(route, cookie, headers);
      expect(response.status, JSON.stringify(headers)).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'cross-origin' });
    }
  });

  test('our own page is not refused', async () => {
    const { url } = perch.server;
    const headers = { origin: url, 'sec-fetch-site': 'same-origin' };
    expect((await tryRoute('POST /api/v1/publish', perch.admin.cookie, headers)).status).toBe(200);
  });

  test('no page of another site may read an answer', async () => {
    for (const path of ['/', '/api/v1/auth/me', '/api/openapi.json', '/health/ready']) {
      const { headers } = await fetch(perch.server.url + path, {
        headers: { origin: 'https://evil.example', cookie: perch.admin.cookie },
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('a form cannot pretend to be JSON', async () => {
    const response = await fetch(`${perch.server.url}/api/v1/publish`, {
      method: 'POST',
      headers: { cookie: perch.admin.cookie, 'content-type': 'text/plain' },
      body: '{"topic":"x","payload":"x"}',
    });
    expect(response.status).toBe(415);
  });
});

describe('what the answers carry', () => {
  test.each(['/', '/clients', '/api/docs', '/api/v1/auth/me', '/nothing/here'])(
    '%s has strict headers',
    async (path) => {
      const { headers } = await fetch(perch.server.url + path);
      const csp = new Map(
        (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
          const [name = '', ...values] = directive.trim().split(' ');
          return [name, values];
        }),
      );
      for (const name of ['default-src', 'script-src', 'connect-src', 'form-action'])
        expect(csp.get(name)).toEqual(["'self'"]);
      for (const name of ['object-src', 'base-uri', 'frame-ancestors']) expect(csp.get(name)).toEqual(["'none'"]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  test('the cookie cannot be read by scripts nor sent by other sites', async () => {
    const { headers } = await perch.admin.send('POST', '/auth/login', {
      body: { name: 'admin', password: adminPassword },
    });
    const cookie = headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/^perch_session=[\w-]{32,}/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Strict/i);
    expect(cookie).toMatch(/; Path=\/(;|$)/i);
  });

  test('no password and no hash comes out again, in answers or in the log', async () => {
    const { mqttUrl } = perch.server;
    await Device.connect(mqttUrl, { clientId: 'secretive', username: 'joy', password: 'a wrong secret' }).catch(
      () => undefined,
    );
    const paths = ['/users', '/operators', '/audit?limit=500', '/server', '/stats', '/policy/export?format=json'];
    const answers = await Promise.all(paths.map((path) => perch.admin.get(path)));
    const all = JSON.stringify(answers) + perch.server.output;
    for (const secret of [
      PASSWORD,
      adminPassword,
      'a wrong secret',
      '$argon2',
      perch.admin.cookie.split('=')[1] ?? '?',
    ]) {
      expect(all).not.toContain(secret);
    }
  });

  test('log-in does not tell whether the name exists, and slows guessing down', async () => {
    const attempt = (name: string) =>
      new OperatorApi(perch.server).send<{ detail: string; code: string }>('POST', '/auth/login', {
        body: { name, password: 'not this one at all' },
      });
    const known = await attempt('operator');
    const unknown = await attempt('no-such-person');
    expect([known.status, known.body.code, known.body.detail]).toEqual([
      unknown.status,
      unknown.body.code,
      unknown.body.detail,
    ]);
    for (let count = 0; count < 4; count++) await attempt('no-such-person');
    const slowed = await attempt('no-such-person');
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('an unknown route of the API is a problem, never a page', async () => {
    const { status, headers } = await perch.admin.send('GET', '/nothing');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('x-request-id')).toBeTruthy();
  });
});
