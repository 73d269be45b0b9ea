import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient, PASSWORD, startTestApi, type TestApi } from '../http/testing/api-client.js';
import { TestAuthority } from '../testing/certificates.js';

const folder = mkdtempSync(join(tmpdir(), 'perch-transports-'));
const file = (name: string, contents: string) => {
  writeFileSync(join(folder, name), contents);
  return join(folder, name);
};

let authority: TestAuthority;
let api: TestApi;
beforeAll(async () => {
  authority = await TestAuthority.create();
  const { cert, key } = await authority.issue({ name: 'localhost' });
  const listeners = [
    { name: 'guests', kind: 'mqtt', port: 0, allowAnonymous: true, maxPacketBytes: 1024 },
    { name: 'behind', kind: 'mqtt', port: 0, proxyProtocol: true },
    { name: 'local', kind: 'mqtt', socket: join(folder, 'mqtt.sock') },
    { name: 'devices', kind: 'websocket', port: 0, allowAnonymous: true },
  ];
  const env = {
    PERCH_TLS_CERT: file('cert.pem', cert),
    PERCH_TLS_KEY: file('key.pem', key),
    PERCH_TLS_CLIENT_CA: file('ca.pem', authority.pem),
    PERCH_TLS_CLIENT_CERTIFICATES: 'optional',
    PERCH_TLS_CERTIFICATE_AS: 'username',
    PERCH_HTTPS_PORT: '0',
    PERCH_MQTTS_PORT: '0',
    PERCH_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
    PERCH_LISTENERS: JSON.stringify(listeners),
    PERCH_POLICY_DEFAULT: 'allow',
  };
  api = await startTestApi({ env });
});
afterAll(async () => {
  await api?.app.close();
  rmSync(folder, { recursive: true });
});

function portOf(name: string): number {
  return api.app.listeners.find((listener) => listener.name === name)!.port!;
}

let names = 0;
const aName = (prefix: string) => `${prefix}-${++names}`;
const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);

/** A CONNECT of MQTT 3.1.1. */
function connectPacket(clientId: string, login?: { username: string; password: string }): Buffer {
  const flags = login ? 0xc2 : 0x02;
  const strings = [clientId, ...(login ? [login.username, login.password] : [])].map(text);
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, flags, 0, 60]), ...strings]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

/** The return code of the CONNACK, or null where there is none. */
function connack(socket: Socket, ...sent: (Buffer | string)[]): Promise<number | null> {
  onTestFinished(() => void socket.destroy());
  for (const piece of sent) socket.write(piece);
  return new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes[3] ?? null));
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(null));
  });
}

const at = (name: string): NetConnectOpts => ({ port: portOf(name), host: '127.0.0.1' });
const seen = async (clientId: string) => (await api.viewer.get(`/clients/${clientId}`)).body;

describe('each listener has terms of its own', () => {
  test('anonymous clients come in only where they may', async () => {
    expect(await connack(connect(at('guests')), connectPacket(aName('guest')))).toBe(0);
    expect(await connack(connect(at('mqtt')), connectPacket(aName('guest')))).toBe(5);
  });

  test('the largest packet is the own one', async () => {
    const socket = connect(at('guests'));
    expect(await connack(socket, connectPacket(aName('guest')))).toBe(0);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.concat([Buffer.from([0x30, 0x80, 0x10]), text('a'), Buffer.alloc(2045)]));
    await closed;
  });

  test('a Unix socket is a door like any other', async () => {
    await api.admin.post('/users', { username: 'local', password: 'local-secret-1' });
    const clientId = aName('local');
    const login = { username: 'local', password: 'local-secret-1' };
    expect(await connack(connect(join(folder, 'mqtt.sock')), connectPacket(clientId, login))).toBe(0);
    expect(await seen(clientId)).toMatchObject({ online: true, username: 'local', address: null });
  });

  test('where only WebSockets are served there is no dashboard', async () => {
    const response = await fetch(`http://127.0.0.1:${portOf('devices')}/`);
    expect(response.status).toBe(426);
    const socket = new WebSocket(`ws://127.0.0.1:${portOf('devices')}/mqtt`, 'mqtt');
    onTestFinished(() => socket.close());
    await new Promise((resolve) => socket.once('open', resolve));
    const answer = new Promise<Buffer>((resolve) => socket.once('message', (data) => resolve(data as Buffer)));
    socket.send(connectPacket(aName('guest')));
    expect((await answer)[3]).toBe(0);
  });
});

test('pages may speak to the WebSocket doors of their own host, and to no other', async () => {
  const policy = (await fetch(`${api.app.url}/`)).headers.get('content-security-policy') ?? '';
  const sources = /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ');
  const others = [`wss://127.0.0.1:${portOf('https')}`, `ws://127.0.0.1:${portOf('devices')}`];
  expect(sources).toEqual(["'self'", ...others]);
});

test("a page of ours may be a client instead of its operator, and another site's page never is one", async () => {
  const { host } = new URL(api.app.url);
  const welcome = async (path: string, origin: string) => {
    const headers = { cookie: api.admin.cookie, origin };
    const socket = new WebSocket(`ws://${host}${path}`, 'perch.json', { headers });
    onTestFinished(() => socket.close());
    const frame = await new Promise<Buffer>((resolve) => socket.once('message', (data) => resolve(data as Buffer)));
    return (JSON.parse(frame.toString()) as { clientId: string | null }).clientId;
  };
  expect(await welcome('/ws', `http://${host}`)).toMatch(/^\$operator\/admin\//);
  expect(await welcome('/ws?as=client', `http://${host}`)).toBeNull();
  expect(await welcome('/ws', 'http://elsewhere.example')).toBeNull();
});

describe('an upgrade to WebSocket', () => {
  const upgrade = (path: string, subprotocols = 'mqtt') =>
    [
      `GET ${path} HTTP/1.1`,
      'Host: perch',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: ${subprotocols}`,
      '\r\n',
    ].join('\r\n');

  /** A frame under a mask of zeros. */
  const framed = (payload: Buffer) => Buffer.concat([Buffer.from([0x82, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

  test.each(['/mqtt', '/mqtt?from=here'])('to %s may come together with what follows it', async (path) => {
    const socket = connect(at('devices'));
    onTestFinished(() => void socket.destroy());
    const heard: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => heard.push(bytes));
    socket.write(Buffer.concat([Buffer.from(upgrade(path)), framed(connectPacket(aName('hasty')))]));
    const answer = () => Buffer.concat(heard);
    await vi.waitFor(() => expect(answer().subarray(-6).toString('hex')).toBe('820420020000'));
    expect(answer().toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
  });

  /** The answer to an upgrade: its status, and the subprotocol that was chosen. */
  async function answerTo(place: NetConnectOpts, request: string) {
    const socket = connect(place);
    onTestFinished(() => void socket.destroy());
    socket.write(request);
    const answer = (await new Promise<Buffer>((resolve) => socket.once('data', resolve))).toString();
    const status = Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
    return [status, /^Sec-WebSocket-Protocol: (.*)\r$/m.exec(answer)?.[1] ?? null];
  }

  test.each(['/', '/ws', '/elsewhere', '/any/where?at=all', '/api/v1/users'])(
    'that asks for MQTT at %s is let in as MQTT where nothing but WebSockets is served',
    async (path) => {
      expect(await answerTo(at('devices'), upgrade(path))).toEqual([101, 'mqtt']);
      const socket = new WebSocket(`ws://127.0.0.1:${portOf('devices')}${path}`, 'mqttv3.1');
      onTestFinished(() => socket.close());
      const connected = new Promise<Buffer>((resolve) => socket.once('message', (data) => resolve(data as Buffer)));
      socket.once('open', () => socket.send(connectPacket(aName('wherever'))));
      expect((await connected).toString('hex')).toBe('20020000');
      expect(socket.protocol).toBe('mqttv3.1');
    },
  );

  test('finds MQTT beside the dashboard, too, but not among what programs ask for', async () => {
    const http = { port: Number(new URL(api.app.url).port), host: '127.0.0.1' };
    for (const path of ['/', '/ws', '/mqtt', '/clients'])
      expect(await answerTo(http, upgrade(path))).toEqual([101, 'mqtt']);
    for (const path of ['/api', '/api/v1/users', '/metrics', '/health/live', '/registry/x', '/assets/x.js'])
      expect(await answerTo(http, upgrade(path))).toEqual([404, null]);
  });

  test('is for the protocol of its path where that has one, whatever else it would take', async () => {
    expect(await answerTo(at('devices'), upgrade('/ws', 'mqtt, perch.json'))).toEqual([101, 'perch.json']);
    expect(await answerTo(at('devices'), upgrade('/broker'))).toEqual([101, null]);
    expect(await answerTo(at('devices'), upgrade('/flight/ws'))).toEqual([101, null]);
    expect(await answerTo(at('devices'), upgrade('/ws', 'soap'))).toEqual([400, null]);
  });

  test('to somewhere else that asks for something else is told that there is nothing', async () => {
    const socket = connect(at('devices'));
    onTestFinished(() => void socket.destroy());
    const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.write(upgrade('/elsewhere', 'perch.json'));
    expect((await answer).toString()).toMatch(/^HTTP\/1\.1 404 /);
    await new Promise((resolve) => socket.once('close', resolve));
  });
});

describe('a certificate that names a user', () => {
  async function connectAs(name: string, ...sent: (Buffer | string)[]): Promise<number | null> {
    const client = await authority.issue({ name });
    const options = { port: portOf('mqtts'), host: '127.0.0.1', servername: 'localhost', ca: authority.pem, ...client };
    return connack(connectTls(options), ...sent);
  }

  test('lets it in without a password', async () => {
    await api.admin.post('/users', { username: 'pump-7', password: 'pump-secret-1' });
    const clientId = aName('pump');
    expect(await connectAs('pump-7', connectPacket(clientId))).toBe(0);
    expect(await seen(clientId)).toMatchObject({ online: true, username: 'pump-7', address: '127.0.0.1' });
  });

  test('lets nobody in who is not there, or disabled', async () => {
    expect(await connectAs('nobody', connectPacket(aName('pump')))).not.toBe(0);
    const { body } = await api.admin.post('/users', { username: 'pump-8', password: 'pump-secret-1' });
    expect(await connectAs('pump-8', connectPacket(aName('pump')))).toBe(0);
    await api.admin.patch(`/users/${String(body['id'])}`, { disabled: true });
    expect(await connectAs('pump-8', connectPacket(aName('pump')))).not.toBe(0);
  });

  test('is asked for, not required: passwords count as everywhere', async () => {
    const options = { port: portOf('mqtts'), host: '127.0.0.1', servername: 'localhost', ca: authority.pem };
    await api.admin.post('/users', { username: 'pump-9', password: 'pump-secret-9' });
    const login = { username: 'pump-9', password: 'pump-secret-9' };
    expect(await connack(connectTls(options), connectPacket(aName('pump'), login))).toBe(0);
    expect(await connack(connectTls(options), connectPacket(aName('pump')))).toBe(5);
  });
});

describe('behind proxies', () => {
  test('the address of an MQTT client is its own', async () => {
    await api.admin.post('/users', { username: 'far', password: 'far-secret-1' });
    const clientId = aName('far');
    const login = { username: 'far', password: 'far-secret-1' };
    const header = 'PROXY TCP4 192.0.2.7 127.0.0.1 4711 1883\r\n';
    expect(await connack(connect(at('behind')), header, connectPacket(clientId, login))).toBe(0);
    expect(await seen(clientId)).toMatchObject({ username: 'far', address: '192.0.2.7' });
    expect(await connack(connect(at('behind')), connectPacket(clientId, login))).toBeNull();
  });

  test('the address of a WebSocket client is its own', async () => {
    const clientId = aName('far');
    const headers = { 'x-forwarded-for': '192.0.2.8', 'x-forwarded-proto': 'https' };
    const socket = new WebSocket(`ws://127.0.0.1:${portOf('devices')}/mqtt`, 'mqtt', { headers });
    onTestFinished(() => socket.close());
    socket.once('open', () => socket.send(connectPacket(clientId)));
    await vi.waitFor(async () => expect(await seen(clientId)).toMatchObject({ online: true, address: '192.0.2.8' }));
  });

  test('an operator signs in with a cookie for TLS only, and is written down by the own address', async () => {
    const browser = new ApiClient(api.app.url);
    const forwarded = { 'x-forwarded-for': '203.0.113.9, 192.0.2.9', 'x-forwarded-proto': 'https' };
    const { headers } = await browser.post('/auth/login', { name: 'admin', password: PASSWORD }, forwarded);
    expect(headers.get('set-cookie')).toMatch(/; Secure/);
    const { body } = await api.admin.get<{ items: { action: string; address: string }[] }>('/audit');
    expect(body.items.find(({ action }) => action === 'auth.login')?.address).toBe('192.0.2.9');
    const { headers: plain } = await browser.post('/auth/login', { name: 'admin', password: PASSWORD });
    expect(plain.get('set-cookie')).not.toMatch(/Secure/);
  });

  test('guessing is slowed by the address of who guesses, not by the proxy', async () => {
    const guess = (address: string) =>
      new ApiClient(api.app.url).post(
        '/auth/login',
        { name: 'viewer', password: 'a wrong guess' },
        { 'x-forwarded-for': address },
      );
    for (let attempt = 0; attempt < 5; attempt++) expect((await guess('192.0.2.66')).status).toBe(401);
    expect((await guess('192.0.2.66')).status).toBe(429);
    expect((await guess('192.0.2.67')).status).toBe(401);
  });
});

test('the API and the dashboard are served over TLS, and the cookie is for TLS only', async () => {
  const options = { port: portOf('https'), host: '127.0.0.1', servername: 'localhost', ca: authority.pem };
  const body = JSON.stringify({ name: 'admin', password: PASSWORD });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const answer = await new Promise<{ status: number; cookie: string }>((resolve, reject) => {
    request({ ...options, method: 'POST', path: '/api/v1/auth/login', headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode!, cookie: response.headers['set-cookie']?.[0] ?? '' });
    })
      .on('error', reject)
      .end(body);
  });
  expect(answer.status).toBe(200);
  expect(answer.cookie).toMatch(/; Secure/);
});

test('every door is told over REST', async () => {
  const { body } = await api.viewer.get<{ listeners: { name: string; kind: string; secure: boolean }[] }>('/server');
  expect(body.listeners.map(({ name, kind, secure }) => `${name} ${kind}${secure ? ' over TLS' : ''}`)).toEqual([
    'http http',
    'http mqtt-ws',
    'http json-ws',
    'http flywheel-ws',
    'http flock-ws',
    'https http over TLS',
    'https mqtt-ws over TLS',
    'https json-ws over TLS',
    'https flywheel-ws over TLS',
    'https flock-ws over TLS',
    'mqtt mqtt',
    'mqtts mqtt over TLS',
    'guests mqtt',
    'behind mqtt',
    'local mqtt',
    'devices mqtt-ws',
    'devices json-ws',
    'devices flywheel-ws',
    'devices flock-ws',
  ]);
});
