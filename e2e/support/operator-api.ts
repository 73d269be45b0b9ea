import { adminPassword, type PerchServer } from './perch-server.js';

/** One answer of the REST API. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** A rule as tests write it; what is left out is as in the editor. */
export interface RuleDraft {
  readonly id?: string;
  readonly effect: 'allow' | 'deny';
  readonly subject: 'clientid' | 'username' | 'ipaddr' | 'label' | 'everyone';
  readonly value: string;
  readonly access: 'pub' | 'sub' | 'pubsub';
  readonly topics: readonly string[];
}

/** The live policy, as the API tells it. */
export interface PolicyDocument {
  readonly revision: number;
  readonly rules: readonly (RuleDraft & { readonly id: string })[];
  readonly lost?: { readonly items: readonly { readonly clientId: string; readonly topic: string }[] };
}

/** What the API knows of one client. */
export interface ClientEntry {
  readonly clientId: string;
  readonly online: boolean;
  readonly since: string;
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string;
  readonly reason: string | null;
}

/** An operator at the REST API, with the cookie of a browser. */
export class OperatorApi {
  cookie = '';

  constructor(private readonly server: Pick<PerchServer, 'url'>) {}

  /** The operator `admin`, signed in. */
  static async admin(server: PerchServer): Promise<OperatorApi> {
    const api = new OperatorApi(server);
    await api.signIn('admin', adminPassword);
    return api;
  }

  async signIn(name: string, password: string): Promise<void> {
    const { cookie } = await this.ok('POST', '/auth/login', { name, password }).then(() => this);
    if (cookie === '') throw new Error('There was no cookie after log-in.');
  }

  /** Whatever comes back. The path is below /api/v1. */
  async send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';', 1)[0] ?? '';
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body, headers: response.headers };
  }

  /** The body of an answer that has to be a success. */
  async ok<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.send<Body>(method, path, { body });
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  get<Body = Record<string, unknown>>(path: string): Promise<Body> {
    return this.ok<Body>('GET', path);
  }

  async createUser(username: string, password: string): Promise<void> {
    await this.ok('POST', '/users', { username, password });
  }

  policy(): Promise<PolicyDocument> {
    return this.get<PolicyDocument>('/policy');
  }

  /** Replaces all rules; in force when it resolves. */
  async setRules(rules: readonly RuleDraft[]): Promise<PolicyDocument> {
    const { revision } = await this.policy();
    const headers = { 'If-Match': `"${revision}"` };
    const answer = await this.send<PolicyDocument>('PUT', '/policy', { body: { rules: rules.map(whole) }, headers });
    if (answer.status === 200) return answer.body;
    throw new Error(`The rules were refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** The client, or null when nobody of this id was ever seen. */
  async client(clientId: string): Promise<ClientEntry | null> {
    const { status, body } = await this.send<ClientEntry>('GET', `/clients/${encodeURIComponent(clientId)}`);
    return status === 200 ? body : null;
  }

  /** How much was refused since the start. */
  async refused(): Promise<number> {
    const { refused } = await this.get<{ refused: number }>('/stats');
    return refused;
  }
}

/** A rule with nothing left out. */
export function whole(rule: RuleDraft) {
  return { enabled: true, mode: 'enforce', validUntil: null, note: '', ...rule };
}

/** Lets a user publish or subscribe, or both. */
export function allow(username: string, access: RuleDraft['access'], ...topics: string[]): RuleDraft {
  return { effect: 'allow', subject: 'username', value: username, access, topics };
}

/** Refuses everybody. */
export function denyAll(access: RuleDraft['access'], ...topics: string[]): RuleDraft {
  return { effect: 'deny', subject: 'everyone', value: '*', access, topics };
}
