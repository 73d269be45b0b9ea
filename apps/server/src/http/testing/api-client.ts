import { type TestApp, type TestAppOptions, startTestApp } from '../../testing/start-test-app.js';
import { permissionsOf, roles, type Role } from '../permission.js';

/** What came back. The body is what a test says it is. */
export interface ApiAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** Speaks to the API as a browser of ours does: keeps the cookie, sends JSON. */
export class ApiClient {
  cookie = '';

  constructor(
    readonly url: string,
    private readonly prefix = '/api/v1',
  ) {}

  get = <Body = Record<string, unknown>>(path: string, headers = {}) => this.send<Body>('GET', path, { headers });
  post = <Body = Record<string, unknown>>(path: string, body?: unknown, headers = {}) =>
    this.send<Body>('POST', path, { body, headers });
  put = <Body = Record<string, unknown>>(path: string, body?: unknown, headers = {}) =>
    this.send<Body>('PUT', path, { body, headers });
  patch = <Body = Record<string, unknown>>(path: string, body?: unknown, headers = {}) =>
    this.send<Body>('PATCH', path, { body, headers });
  delete = <Body = Record<string, unknown>>(path: string, headers = {}) => this.send<Body>('DELETE', path, { headers });

  async send<Body>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer<Body>> {
    const response = await fetch(`${this.url}${this.prefix}${path}`, {
      method,
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        // A kept connection may be closed by the server just as it is used; fetch sends only a GET again.
        ...(method !== 'GET' && { connection: 'close' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
    this.keepCookie(response.headers.getSetCookie()[0]);
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body, headers: response.headers };
  }

  async signIn(name: string, password: string): Promise<ApiAnswer> {
    return this.post('/auth/login', { name, password });
  }

  private keepCookie(header: string | undefined): void {
    if (header !== undefined) this.cookie = header.split(';', 1)[0] ?? '';
  }
}

/** The password of every operator in tests. */
export const PASSWORD = 'correct horse battery';

/** A running server with one signed-in operator of each role, and a stranger. */
export interface TestApi extends Record<Role, ApiClient> {
  readonly app: TestApp;
  readonly stranger: ApiClient;
  /** Signs another browser in. */
  browser(name: string): Promise<ApiClient>;
}

/** Starts the server and makes the operators `admin`, `operator` and `viewer`. */
export async function startTestApi({ env = {} }: TestAppOptions = {}): Promise<TestApi> {
  const app = await startTestApp({ env: { PERCH_ADMIN_PASSWORD: PASSWORD, ...env } });
  const browser = async (name: string) => {
    const client = new ApiClient(app.url);
    const { status } = await client.signIn(name, PASSWORD);
    if (status !== 200) throw new Error(`${name} cannot sign in: ${status}`);
    return client;
  };
  const admin = await browser('admin');
  for (const role of roles)
    if (role !== 'admin') await admin.post('/operators', { name: role, password: PASSWORD, role });
  const [operator, viewer] = await Promise.all([browser('operator'), browser('viewer')]);
  return { app, admin, operator, viewer, stranger: new ApiClient(app.url), browser };
}

/** Whether the role has the permission that a route names. */
export function isAllowed(role: Role, permission: string): boolean {
  return permission === 'public' || (permissionsOf[role] as readonly string[]).includes(permission);
}
