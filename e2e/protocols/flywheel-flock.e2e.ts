import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { writeCertificate } from '../support/certificates.js';
import { Device } from '../support/device.js';
import { DoorSocket } from '../support/door-socket.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const folder = mkdtempSync(join(tmpdir(), 'perch-doors-'));
const { cert, key } = await writeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => DoorSocket.endAll());

const password = 'joy-password-1';
const rules = [
  denyAll('pubsub', 'secret/#'),
  allow('joy', 'pubsub', '#'),
  allow('joy', 'pub', '$remote/+/rx'),
  allow('joy', 'pubsub', '$registry/mail', '$registry/print'),
];
// The usual port of MQTT with TLS could be another file's.
const tls = ['--tls-cert', cert, '--tls-key', key, '--https-port', '0', '--mqtts-port', 'off'];
const perch = useServer(
  {
    flags: [...tls, '--flock-registry-port', '0'],
  },
  async ({ admin }) => {
    await admin.createUser('joy', password);
    await admin.setRules(rules);
  },
);

const device = (clientId: string) =>
  Device.connect(perch.server.mqttUrl, { clientId, username: 'joy', password, protocolVersion: 5 });
const secureUrl = () =>
  /\bhttps:\/\/[^\s:]+:\d+/.exec(perch.server.output)?.[0]?.replace('localhost', '127.0.0.1') ?? '';

describe('FLYWHEEL', () => {
  const yes = (messageId: string) => `B {"type":"BindResponse","errors":[],"messageId":"${messageId}"}`;
  const auth = { type: 'Basic', username: 'joy', password };
  const bound = async (sessionId: string, ...subscribe: string[]) => {
    const client = await DoorSocket.connect(`${perch.server.url}/broker`);
    client.send(`B ${JSON.stringify({ sessionId, auth, subscribe, messageId: sessionId })}`);
    await client.hears(yes(sessionId));
    return client;
  };

  test('and MQTT share topics, rules and refusals, both ways', async () => {
    const pump = await device('fw-pump');
    const client = await bound('fw-1', 'plant/#');
    expect(await pump.subscribe('plant/#')).toEqual([0]);
    client.send('P plant/1 hello there').send(Buffer.from('200007706c616e742f32ff00', 'hex'));
    await client.hears('R plant/1 hello there', '300007706c616e742f32ff00');
    await pump.message('hello there');
    await pump.publish('plant/3', 'from MQTT');
    await client.hears('R plant/3 from MQTT');
    client.send('P secret/door open');
    const refused = { errors: [{ type: 'TopicAccess', description: 'Forbidden', topic: 'secret/door' }] };
    await client.hears(`R $remote/fw-1/rx/errors ${JSON.stringify(refused)}`);
    await pump.publish('$remote/fw-1/rx', 'for you alone');
    await client.hears('R $remote/fw-1/rx for you alone');
    expect(await pump.subscribe('$remote/+/rx')).toEqual([0x87]);
  });

  test('is told by presence, the clients and the refusals as what it is; a change of the rules reaches it', async () => {
    const client = await bound('fw-2', 'plant/#', 'other');
    expect(await perch.admin.client('fw-2')).toMatchObject({ online: true, protocol: 'flywheel', username: 'joy' });
    const listed = await perch.admin.ok<{ items: { clientId: string }[] }>(
      'GET',
      '/clients?protocol=flywheel&state=online',
    );
    expect(listed.items.map(({ clientId }) => clientId)).toContain('fw-2');
    await perch.admin.setRules([denyAll('sub', 'other'), ...rules]);
    const lost = { errors: [{ type: 'TopicAccess', description: 'Forbidden', topic: 'other' }] };
    await client.hears(`R $remote/fw-2/rx/errors ${JSON.stringify(lost)}`);
    await perch.admin.setRules(rules);
    client.socket.close();
    await waitFor(async () => (await perch.admin.client('fw-2'))?.online === false, { what: 'fw-2 to be offline' });
  });

  test('comes in over TLS', async () => {
    const client = await DoorSocket.connect(`${secureUrl()}/broker`);
    client.send(`B ${JSON.stringify({ auth, subscribe: ['a'], messageId: 'tls' })}`).send('P a 1');
    await client.hears(yes('tls'), 'R a 1');
  });

  test('nobody comes in without credentials', async () => {
    const client = await DoorSocket.connect(`${perch.server.url}/broker`);
    client.send('B {"subscribe":["#"],"messageId":"1"}').send('P a 1');
    const refused = { errors: [{ type: 'TopicAccess', description: 'Forbidden', topic: 'a' }] };
    await client.hears(
      'B {"type":"BindResponse","errors":[{"type":"General","description":"Forbidden"}],"messageId":"1"}',
      `R $remote/anon/rx/errors ${JSON.stringify(refused)}`,
    );
  });
});

describe('FLOCK', () => {
  const basic = `Basic ${Buffer.from(`joy:${password}`).toString('base64')}`;
  const json = { 'content-type': 'application/json' };
  const publish = (topic: string, body: string, headers: Record<string, string> = { authorization: basic }) =>
    fetch(`${perch.server.url}/api/v1/event/${topic}`, { method: 'POST', body, headers: { ...json, ...headers } });
  const yes = (topic: string, id: string) =>
    JSON.stringify({ type: 'response', topic, subscribed: true, request_id: id });

  test.each(['/flight/ws', '/ws'])(
    'at %s, MQTT and its HTTP publish share topics, rules and refusals',
    async (path) => {
      const name = path.replaceAll('/', '');
      const pump = await device(`fl-pump-${name}`);
      expect(await pump.subscribe(`${name}/#`)).toEqual([0]);
      const client = await DoorSocket.connect(`${perch.server.url}${path}`, { headers: { authorization: basic } });
      client.send(`{"type":"Subscribe","topic":"${name}/+","request_id":"a"}`);
      client.send('{"type":"Subscribe","topic":"secret/1","request_id":"b"}');
      const no = '{"type":"response","topic":"secret/1","subscribed":false,"request_id":"b","error":"Forbidden"}';
      await client.hears(yes(`${name}/+`, 'a'), no);
      await pump.publish(`${name}/1`, '{"on":true}');
      await client.hears(`{"type":"event","topic":"${name}/1","payload":{"on":true}}`);
      const answer = await publish(`${name}/2`, '{"n": 1.50}');
      expect([answer.status, answer.headers.get('perch-delivered'), await answer.text()]).toEqual([204, '2', '']);
      await client.hears(`{"type":"event","topic":"${name}/2","payload":{"n": 1.50}}`);
      await pump.message('{"n": 1.50}');
      expect(
        (await perch.admin.ok<{ items: unknown[] }>('GET', '/clients?protocol=flock&state=online')).items,
      ).toHaveLength(1);
      const pong = new Promise((resolve) => client.socket.once('pong', resolve));
      client.send('{"type":"Ping"}');
      await pong;
      client.send('{"type":"Subscribe"}');
      await waitFor(() => client.closeCode !== null, { what: 'the connection to be closed' });
      expect(client.closeCode).toBe(1007);
    },
  );

  test('what is published over HTTP is JSON, by somebody who may', async () => {
    expect((await publish('nobody/listens', '21')).status).toBe(204);
    expect((await publish('a/b%20c/d', '"text"')).status).toBe(204);
    expect((await publish('a', '{')).status).toBe(400);
    expect((await publish('a', '')).status).toBe(400);
    expect((await publish('a', '1', {})).status).toBe(401);
    const guess = { authorization: `Basic ${Buffer.from('joy:guess').toString('base64')}` };
    expect((await publish('a', '1', guess)).status).toBe(401);
    expect((await publish('secret/1', '1')).status).toBe(403);
    expect((await publish('a/%23', '1')).status).toBe(422);
    expect((await publish('a', 'x', { authorization: basic, 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('comes in over TLS, and without credentials not at all', async () => {
    const client = await DoorSocket.connect(`${secureUrl()}/flight/ws`, { headers: { authorization: basic } });
    await client.send('{"type":"Subscribe","topic":"a","request_id":"1"}').hears(yes('a', '1'));
    const stranger = await DoorSocket.connect(`${perch.server.url}/flight/ws`);
    const no = '{"type":"response","topic":"a","subscribed":false,"request_id":"1","error":"Forbidden"}';
    await stranger.send('{"type":"Subscribe","topic":"a","request_id":"1"}').hears(no);
    stranger.send(JSON.stringify({ type: 'Authenticate', username: 'joy', password, request_id: '2' }));
    await stranger.hears('{"type":"response","authenticated":true,"request_id":"2"}');
  });

  describe.each(['at its path', 'at its own port'])('the registry %s', (where) => {
    const call = async (method: string, path: string, body?: unknown, authorization: string | null = basic) => {
      const { listeners } = await perch.admin.ok<{ listeners: { kind: string; port: number }[] }>('GET', '/server');
      const port = listeners.find(({ kind }) => kind === 'registry')?.port;
      const base = where === 'at its path' ? `${perch.server.url}/registry` : `http://127.0.0.1:${port}`;
      const headers = { ...(authorization !== null && { authorization }), ...(body !== undefined && json) };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(`${base}/api/v1${path}`, init);
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    };
    const service = where === 'at its path' ? 'mail' : 'print';
    const instance = { instance_id: 'i-1', ip_addr: '10.0.0.7', port: 8025 };

    test('registers, finds, renews and removes', async () => {
      expect((await call('GET', '/healthcheck', undefined, null)).status).toBe(200);
      expect((await call('GET', `/services/${service}`)).status).toBe(404);
      expect((await call('POST', `/services/${service}`, instance)).status).toBe(204);
      expect(await call('GET', `/services/${service}`)).toEqual({ status: 200, body: [instance] });
      expect((await call('PUT', `/services/${service}/i-1`)).status).toBe(200);
      expect((await call('PUT', `/services/${service}/i-2`)).status).toBe(404);
      const { items } = await perch.admin.ok<{ items: unknown[] }>('GET', `/registry?q=${service}`);
      expect(items).toMatchObject([{ service, instanceId: 'i-1', registeredBy: 'joy', registeredFrom: '127.0.0.1' }]);
      expect((await call('DELETE', `/services/${service}/i-1`)).status).toBe(204);
      expect((await call('GET', `/services/${service}`)).status).toBe(404);
    });

    test('refuses who may not, and what is no registration', async () => {
      expect((await call('GET', `/services/${service}`, undefined, null)).status).toBe(401);
      const guess = `Basic ${Buffer.from('joy:guess').toString('base64')}`;
      expect((await call('GET', `/services/${service}`, undefined, guess)).status).toBe(401);
      expect((await call('POST', '/services/hidden', instance)).status).toBe(403);
      expect((await call('POST', `/services/${service}`, { ...instance, port: 0 })).status).toBe(400);
      expect((await call('POST', `/services/${service}`, 'x'.repeat(20_000))).status).toBe(413);
      expect((await call('PATCH', `/services/${service}`)).status).toBe(405);
      expect((await call('GET', '/services/a%2Fb')).status).toBe(404);
    });
  });
});

test('where there is no door, there is none', async () => {
  const socket = new WebSocket(`${perch.server.url.replace('http', 'ws')}/brokers`);
  socket.on('error', () => undefined);
  const status = await new Promise((resolve) =>
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
  );
  expect(status).toBe(404);
});
