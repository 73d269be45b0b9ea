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
const rules = [denyAll('pubsub', 'secret/#'), allow('joy', 'pubsub', '#'), allow('joy', 'pub', '$remote/+/rx')];
const perch = useServer({ flags: ['--tls-cert', cert, '--tls-key', key, '--https-port', '0'] }, async ({ admin }) => {
  await admin.createUser('joy', password);
  await admin.setRules(rules);
});

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

test('where there is no door, there is none', async () => {
  const socket = new WebSocket(`${perch.server.url.replace('http', 'ws')}/brokers`);
  socket.on('error', () => undefined);
  const status = await new Promise((resolve) =>
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
  );
  expect(status).toBe(404);
});
