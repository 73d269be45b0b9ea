import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientDetail, ClientPage } from '../features/clients/client.schemas.js';
import { startTestApi, type TestApi } from '../http/testing/api-client.js';
import { type KeyPair, TestAuthority } from '../testing/certificates.js';

const folder = mkdtempSync(join(tmpdir(), 'perch-http-tls-'));
const file = (name: string, contents: string) => {
  writeFileSync(join(folder, name), contents);
  return join(folder, name);
};

let authority: TestAuthority;
let stranger: TestAuthority;
let pump: KeyPair;
let api: TestApi;
beforeAll(async () => {
  [authority, stranger] = await Promise.all([TestAuthority.create(), TestAuthority.create('Somebody else')]);
  const { cert, key } = await authority.issue({ name: 'localhost' });
  pump = await authority.issue({ name: 'pump' });
  const tls = { clientCa: file('ca.pem', authority.pem), clientCertificates: 'required', certificateAs: 'username' };
  const listeners = [
    { name: 'mutual', kind: 'http', port: 0, tls },
    { name: 'badged', kind: 'http', port: 0, tls: { ...tls, certificateAs: 'nothing' } },
    { name: 'names', kind: 'registry', port: 0, tls: true },
    { name: 'mutual-names', kind: 'registry', port: 0, tls },
  ];
  const env = {
    PERCH_TLS_CERT: file('cert.pem', cert),
    PERCH_TLS_KEY: file('key.pem', key),
    PERCH_HTTPS_PORT: '0',
    PERCH_MQTTS_PORT: 'off',
    PERCH_LISTENERS: JSON.stringify(listeners),
    PERCH_POLICY_DEFAULT: 'allow',
  };
  api = await startTestApi({ env });
  await api.operator.post('/users', { username: 'pump', password: 'let me in' });
});
afterAll(async () => {
  await api?.app.close();
  rmSync(folder, { recursive: true });
});

/** Whom a client trusts, and what it shows of itself. */
interface Tls extends Partial<KeyPair> {
  readonly ca: string;
}

const basic = { authorization: `Basic ${btoa('pump:let me in')}` };
const json = { 'content-type': 'application/json' };
const portOf = (name: string) => api.app.listeners.find((listener) => listener.name === name)!.port!;

/** A client of one listener, which checks the certificate that it is shown. */
class Client {
  constructor(
    private readonly listener: string,
    private readonly tls: Tls,
    private readonly headers: Record<string, string> = basic,
  ) {}

  post = (path: string, body: unknown) => this.statusOf(this.request('POST', path, body));
  get = (path: string) => this.statusOf(this.request('GET', path));

  /** What comes as long as it is read. */
  async stream(path: string): Promise<{ text: string }> {
    const response = await answer(this.request('GET', path));
    expect(response.statusCode).toBe(200);
    const heard = { text: '' };
    response.on('data', (bytes: Buffer) => (heard.text += bytes.toString())).on('error', () => undefined);
    return heard;
  }

  /** A WebSocket, and what it hears. Each frame but the first is sent when the one before has been answered. */
  async socket(path: string, frames: readonly string[], protocols: string[] = []): Promise<{ text: string }> {
    const socket = new WebSocket(`wss://127.0.0.1:${portOf(this.listener)}${path}`, protocols, this.tls);
    onTestFinished(() => socket.terminate());
    const heard = { text: '' };
    socket.on('message', (data: Buffer) => (heard.text += data.toString()));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    for (const [index, frame] of frames.entries()) {
      if (index > 0) await vi.waitFor(() => expect(heard.text).toContain(`"id":${index}`));
      socket.send(frame);
    }
    return heard;
  }

  private request(method: string, path: string, body?: unknown): ClientRequest {
    const headers = { ...this.headers, ...(body !== undefined && json) };
    const options = { host: '127.0.0.1', port: portOf(this.listener), agent: false, method, path, headers };
    const sent = request({ ...options, ...this.tls });
    onTestFinished(() => void sent.destroy());
    return sent.end(body === undefined ? undefined : JSON.stringify(body));
  }

  private async statusOf(sent: ClientRequest): Promise<number | undefined> {
    const response = await answer(sent);
    response.resume();
    return response.statusCode;
  }
}

function answer(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.on('response', resolve).on('error', reject));
}

const auth = { type: 'basic', username: 'pump', password: 'let me in' };
const instance = { instance_id: 'i', ip_addr: '10.0.0.7', port: 1 };
const filters = ['plant/#'];
const jsonFrames = [
  { type: 'bind', id: 1, auth },
  { type: 'subscribe', id: 2, filters },
].map((frame) => JSON.stringify(frame));
const openJson = (client: Client) => client.socket('/ws', jsonFrames, ['perch.json']);
const flywheelBind = `B ${JSON.stringify({ auth: { ...auth, type: 'Basic' }, subscribe: filters })}`;
const openFlywheel = (client: Client) => client.socket('/broker', [flywheelBind]);

/** One request to each door, which resolves with its status. */
const doors: Record<string, (client: Client) => Promise<unknown>> = {
  'HTTP publish': (client) => client.post('/api/v1/publish', { topic: 'a', payload: 'x' }),
  'a batch': (client) => client.post('/api/v1/publish/batch', { messages: [{ topic: 'a', payload: 'x' }] }),
  'an event stream': (client) => client.stream('/api/v1/subscribe?filter=a'),
  'an event of FLOCK': (client) => client.post('/api/v1/event/a', true),
  'the registry': (client) => client.post('/registry/api/v1/services/mail', instance),
  '/ws': openJson,
  '/broker': openFlywheel,
};

describe.each(['https', 'mutual'])('at the listener %s', (listener) => {
  const clientOf = (headers?: Record<string, string>) =>
    new Client(listener, { ca: authority.pem, ...(listener === 'mutual' && pump) }, headers);

  test('what comes in by one door leaves by all', async () => {
    const client = clientOf();
    const readers = await Promise.all([
      client.stream('/api/v1/subscribe?filter=plant/%23'),
      openJson(client),
      openFlywheel(client),
    ]);
    await vi.waitFor(() => {
      expect(readers[0]?.text).toContain('event: subscribed');
      expect(readers[1]?.text).toContain('"id":2');
      expect(readers[2]?.text).toContain('"errors":[]');
    });
    expect(await client.post('/api/v1/publish', { topic: 'plant/1', payload: '"one"' })).toBe(200);
    expect(await client.post('/api/v1/event/plant/2', 'two')).toBe(204);
    await vi.waitFor(() => {
      for (const { text } of readers) expect(text).toMatch(/one[^]*two/);
    });
  });

  test('the registry registers and finds', async () => {
    const client = clientOf();
    expect(await client.post('/registry/api/v1/services/mail', instance)).toBe(204);
    expect(await client.get('/registry/api/v1/services/mail')).toBe(200);
  });

  test.each(Object.keys(doors))('%s is at no server that a client does not know', async (door) => {
    const client = new Client(listener, { ca: stranger.pem, ...pump });
    await expect(doors[door]!(client)).rejects.toThrow(/certificate/);
  });
});

describe('where a certificate is required', () => {
  test.each(Object.keys(doors))('%s is shut to who shows none, and to who shows a stranger', async (door) => {
    await expect(doors[door]!(new Client('mutual', { ca: authority.pem }))).rejects.toThrow();
    const other = await stranger.issue({ name: 'pump' });
    await expect(doors[door]!(new Client('mutual', { ca: authority.pem, ...other }))).rejects.toThrow();
  });

  test('its name is the user, without a password', async () => {
    const client = new Client('mutual', { ca: authority.pem, ...pump }, {});
    expect(await client.post('/api/v1/publish', { topic: 'a', payload: 'x' })).toBe(200);
    expect(await client.post('/api/v1/event/a', 1)).toBe(204);
    const stream = await client.stream('/api/v1/subscribe?filter=a');
    await vi.waitFor(() => expect(stream.text).toContain('event: subscribed'));
    const nobody = await authority.issue({ name: 'nobody' });
    const refused = new Client('mutual', { ca: authority.pem, ...nobody }, {});
    expect(await refused.post('/api/v1/publish', { topic: 'a', payload: 'x' })).toBe(401);
  });
});

test('of a client is told by which listener it came, and the name in a certificate that stands for nothing', async () => {
  const badge = await authority.issue({ name: 'badge-7' });
  const client = new Client('badged', { ca: authority.pem, ...badge });
  const waysIn = {
    json: () => openJson(client),
    flywheel: () => openFlywheel(client),
    sse: () => client.stream('/api/v1/subscribe?filter=plant/%23'),
  };
  for (const [protocol, comeIn] of Object.entries(waysIn)) {
    const before = await idsOf(protocol);
    await comeIn();
    const [clientId = ''] = await vi.waitFor(async () => {
      const come = (await idsOf(protocol)).filter((id) => !before.includes(id));
      expect(come).toHaveLength(1);
      return come;
    });
    const { body } = await api.viewer.get<ClientDetail>(`/clients/${encodeURIComponent(clientId)}`);
    expect(body.username).toBe('pump');
    expect(body.session).toMatchObject({ listener: 'badged', certificateName: 'badge-7' });
  }
});

async function idsOf(protocol: string): Promise<string[]> {
  const { body } = await api.viewer.get<ClientPage>(`/clients?state=online&protocol=${protocol}`);
  return body.items.map(({ clientId }) => clientId);
}

test('the registry has a listener of its own over TLS, with and without certificates of clients', async () => {
  const path = '/api/v1/services/print';
  expect(await new Client('names', { ca: authority.pem }).post(path, instance)).toBe(204);
  await expect(new Client('names', { ca: stranger.pem }).get(path)).rejects.toThrow(/certificate/);
  expect(await new Client('mutual-names', { ca: authority.pem, ...pump }, {}).get(path)).toBe(200);
  await expect(new Client('mutual-names', { ca: authority.pem }).get(path)).rejects.toThrow();
});
