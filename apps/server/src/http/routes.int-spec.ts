import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApi, isAllowed, startTestApi } from './testing/api-client.js';
import { permissionsOf, roles } from './permission.js';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
  readonly operation: {
    operationId: string;
    summary?: string;
    responses: object;
    requestBody?: { content: Record<string, object> };
    parameters: { in: string }[];
  };
}

interface Layer {
  readonly route?: { path: string; methods: Record<string, boolean> };
}

let api: TestApi;
let routes: Route[];
beforeAll(async () => {
  api = await startTestApi();
  const document = (await (await fetch(`${api.app.url}/api/openapi.json`)).json()) as OpenAPIObject;
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Route['operation'] & { 'x-permission': string }>).map(
      ([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        permission: operation['x-permission'],
        operation,
      }),
    ),
  );
});
afterAll(() => api?.app.close());

/** Sends an empty request to a route with ids that nothing has: enough to meet the guard, too little to do anything. */
async function knock({ method, path }: Route, cookie = '', headers: Record<string, string> = {}) {
  const url = api.app.url + path.replace('{revision}', '999999').replaceAll(/\{\w+\}/g, 'nothing');
  const hasBody = method !== 'GET' && method !== 'DELETE';
  const response = await fetch(url, {
    method,
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...(cookie && { cookie }), ...headers },
    body: hasBody ? '{}' : undefined,
  });
  return { status: response.status, body: (await response.text()) || '{}' };
}

/**
 * Nothing is missing here: a client may have a past that nobody remembers, and be refused before it is known; any topic
 * may be published to.
 */
const answersForAnyName = new Set(['clientsTimeline', 'connectionsClose', 'eventPublish']);

describe('every route', () => {
  test('is served once, and is in the document', () => {
    const { router } = api.app.app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
    const served = router.stack
      .flatMap(({ route }) => (route ? [{ path: route.path, methods: Object.keys(route.methods) }] : []))
      // Nest passes the paths without prefix on by a route for all methods, which answers nothing itself.
      .filter(({ methods }) => methods.length === 1)
      .map(({ path, methods }) => `${methods[0]?.toUpperCase()} ${path.replace('*', ':')}`)
      .filter((route) => !/ \/api\/(?:docs|openapi)/.test(route));
    const documented = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(served.toSorted()).toEqual(documented.toSorted());
    expect(new Set(served).size).toBe(served.length);
  });

  test('names a permission that some role has, or the word public', () => {
    for (const { permission, operation } of routes) {
      const isKnown = permission === 'public' || (permissionsOf.admin as readonly string[]).includes(permission);
      expect(isKnown, operation.operationId).toBe(true);
    }
  });

  test('has a name of its own, a summary, and documents its errors', () => {
    expect(new Set(routes.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
    for (const { permission, operation, path } of routes) {
      const expected = [
        ...(permission === 'public' ? [] : ['401', '403']),
        ...(operation.requestBody?.content['application/json'] ? ['422'] : []),
        ...(operation.parameters.some((parameter) => parameter.in === 'query') ? ['400'] : []),
        ...(path.includes('{') && !answersForAnyName.has(operation.operationId) ? ['404'] : []),
      ];
      expect(Object.keys(operation.responses), operation.operationId).toEqual(expect.arrayContaining(expected));
      expect(operation.summary, operation.operationId).toBeTruthy();
    }
  });

  test('that is not public turns strangers away with 401', async () => {
    for (const route of routes.filter(({ permission }) => permission !== 'public')) {
      const { status, body } = await knock(route);
      expect([status, JSON.parse(body)], route.operation.operationId).toEqual([
        401,
        expect.objectContaining({ code: 'sign-in-required' }),
      ]);
    }
  });

  test.each(roles)('is refused to a %s exactly where the role lacks the permission', async (role) => {
    for (const route of routes) {
      if (route.operation.operationId === 'authLogout') continue; // would end the session that knocks on the others
      const { status, body } = await knock(route, api[role].cookie);
      const isRefused = status === 403 && (JSON.parse(body) as { code: string }).code === 'not-allowed';
      expect(isRefused, `${route.operation.operationId}: ${status}`).toBe(!isAllowed(role, route.permission));
      expect(status, route.operation.operationId).toBeLessThan(500);
    }
  });

  test('that changes something is refused to the pages of other sites', async () => {
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      const elsewhere: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ];
      for (const headers of elsewhere) {
        const { status, body } = await knock(route, api.admin.cookie, headers);
        expect([status, (JSON.parse(body) as { code: string }).code], route.operation.operationId).toEqual([
          403,
          'cross-origin',
        ]);
      }
    }
  });
});

test('a change that a role is refused is in the audit log with its reason', async () => {
  await api.viewer.post('/users', { username: 'never', password: 'never made' });
  const { body } = await api.admin.get('/audit?operator=viewer&action=users.create&result=refused&limit=1');
  expect(body).toMatchObject({
    items: [{ operator: 'viewer', object: 'users', reason: 'not-allowed', address: '127.0.0.1' }],
  });
});
