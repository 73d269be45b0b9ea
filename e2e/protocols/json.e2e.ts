import { connect as connectPerch, payloadText, type PerchClient, type ConnectOptions } from '@perch/client';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Device } from '../support/device.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const PASSWORD = 'joy-password-1';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.setRules([
    denyAll('sub', 'plant/secret'),
    allow('joy', 'pubsub', 'plant/#'),
    allow('joy', 'sub', '$SYS/#'),
  ]);
});

const clients: PerchClient[] = [];
const sockets: WebSocket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets.splice(0)) socket.terminate();
});

let names = 0;

function aClient(options: Partial<ConnectOptions> = {}): PerchClient {
  const client = connectPerch(perch.server.jsonUrl, {
    clientId: `json-${++names}`,
    auth: { type: 'basic', username: 'joy', password: PASSWORD },
    webSocketFactory: (url, protocol) => new WebSocket(url, protocol),
    ...options,
  });
  clients.push(client);
  return client;
}

/** A bare WebSocket, and the frames that came. */
async function aSocket(protocol = 'perch.json', headers = {}) {
  const socket = new WebSocket(perch.server.jsonUrl, [protocol], { headers });
  sockets.push(socket);
  const frames: Record<string, unknown>[] = [];
  const ended: { code: number | null } = { code: null };
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Record<string, unknown>));
  socket.on('error', () => undefined);
  socket.on('close', (code) => (ended.code = code));
  const say = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const frame = (type: string, id?: number) =>
    waitFor(() => frames.find((one) => one['type'] === type && (id === undefined || one['id'] === id)), {
      what: `a ${type} frame`,
    });
  const closed = () => waitFor(() => ended.code, { what: 'the socket to be closed' });
  return { socket, frames, say, frame, closed };
}

const BIND = { type: 'bind', id: 1, auth: { type: 'basic', username: 'joy', password: PASSWORD } };

test('@perch/client publishes and subscribes, also across to MQTT', async () => {
  const client = aClient();
  const device = await Device.connect(perch.server.mqttUrl, {
    clientId: 'bridge',
    username: 'joy',
    password: PASSWORD,
  });
  await device.subscribe('plant/from-json', 1);
  const texts: string[] = [];
  await client.subscribe('plant/from-mqtt', (message) => texts.push(payloadText(message))).ready;
  await client.publish('plant/from-json', 'hello device', { qos: 1 });
  await device.message('hello device');
  await device.publish('plant/from-mqtt', 'hello browser', { qos: 1 });
  await waitFor(() => texts.includes('hello browser'), { what: 'the message from MQTT' });
});

test('wrong credentials close the client for good, with the reason', async () => {
  const client = aClient({ auth: { type: 'basic', username: 'joy', password: 'wrong' } });
  await expect(client.opened()).rejects.toMatchObject({ code: 'bad-credentials' });
  expect(client.state).toMatchObject({ status: 'closed' });
});

test('what the rules refuse is told per filter and per publish', async () => {
  const client = aClient();
  await client.opened();
  const refused = client.subscribe('elsewhere/#', () => undefined);
  await expect(refused.ready).rejects.toMatchObject({ code: 'not-authorized' });
  await expect(client.publish('elsewhere', 'x', { qos: 1 })).rejects.toMatchObject({ code: 'not-authorized' });
  await client.subscribe('plant/ok', () => undefined).ready;
});

test('a denied topic inside a granted subscription is cut out of it', async () => {
  const client = aClient();
  const topics: string[] = [];
  await client.subscribe('plant/#', (message) => topics.push(message.topic)).ready;
  await client.publish('plant/secret', 'x', { qos: 1 });
  await client.publish('plant/open', 'x', { qos: 1 });
  await waitFor(() => topics.includes('plant/open'), { what: 'the open topic' });
  expect(topics).toEqual(['plant/open']);
});

test('presence of JSON clients is published like that of MQTT clients', async () => {
  const watcher = aClient();
  const seen: { clientID: string; online: boolean; protocol: string }[] = [];
  await watcher.subscribe('$SYS/broker/connection/clients/seen-by-json', (message) =>
    seen.push(JSON.parse(payloadText(message)) as (typeof seen)[number]),
  ).ready;
  const other = aClient({ clientId: 'seen-by-json' });
  await other.opened();
  await waitFor(() => seen.some(({ online }) => online), { what: 'it to come' });
  other.close();
  await waitFor(() => seen.some(({ online }) => !online), { what: 'it to go' });
  expect(seen[0]).toMatchObject({ clientID: 'seen-by-json', online: true, protocol: 'json' });
});

test('an operator who kicks a client closes it for good', async () => {
  const client = aClient({ clientId: 'kicked' });
  await client.opened();
  await perch.admin.ok('POST', '/clients/kicked/kick', {});
  await waitFor(() => client.state.status === 'closed', { what: 'the client to be closed' });
  expect(client.state.reason).toMatchObject({ name: 'kicked' });
});

test('a subscription that a rule takes away ends, the others stay', async () => {
  await perch.admin.createUser('losing', PASSWORD);
  const { rules } = await perch.admin.policy();
  await perch.admin.setRules([...rules, allow('losing', 'sub', 'lost/#'), allow('losing', 'sub', 'kept/#')]);
  const client = aClient({ auth: { type: 'basic', username: 'losing', password: PASSWORD } });
  const ends: string[] = [];
  const lost = client.subscribe('lost/#', () => undefined, { onEnded: () => ends.push('lost') });
  const kept = client.subscribe('kept/#', () => undefined, { onEnded: () => ends.push('kept') });
  await Promise.all([lost.ready, kept.ready]);
  const saved = await perch.admin.setRules([...rules, allow('losing', 'sub', 'kept/#')]);
  expect(saved.lost?.items).toMatchObject([{ topic: 'lost/#' }]);
  await waitFor(() => ends.length > 0, { what: 'the subscription to end' });
  expect(ends).toEqual(['lost']);
});

test('a plain WebSocket holds the conversation of the protocol', async () => {
  const { say, frame, frames } = await aSocket();
  expect(await frame('welcome')).toMatchObject({ clientId: null });
  say({ ...BIND, clientId: 'plain-socket' });
  expect(await frame('welcome', 1)).toMatchObject({ clientId: 'plain-socket' });
  say({ type: 'subscribe', id: 2, filters: ['plant/a', 'elsewhere'] });
  const result = (await frame('result', 2)) as { ok: boolean; results: { filter: string; error?: { code: string } }[] };
  expect(result.ok).toBe(false);
  expect(result.results.map(({ filter, error }) => [filter, error?.code])).toEqual([
    ['plant/a', undefined],
    ['elsewhere', 'not-authorized'],
  ]);
  say({ type: 'publish', id: 3, topic: 'plant/a', payload: 'text', qos: 1 });
  expect(await frame('result', 3)).toMatchObject({ ok: true });
  expect(await frame('messages')).toMatchObject({ messages: [{ topic: 'plant/a', payload: 'text' }] });
  say({ type: 'ping' });
  await frame('pong');
  say({ type: 'unsubscribe', id: 4, filters: ['plant/a'] });
  expect(await frame('result', 4)).toMatchObject({ ok: true });
  expect(frames.filter(({ type }) => type === 'messages')).toHaveLength(1);
});

test('an operator is signed in by the cookie, and only from our own pages', async () => {
  const { url } = perch.server;
  const ours = await aSocket('perch.json', { cookie: perch.admin.cookie, origin: url });
  expect((await ours.frame('welcome'))['clientId']).toMatch(/^\$operator\/admin/);
  // Messages of others are shown by audited tails alone.
  ours.say({ type: 'subscribe', id: 1, filters: ['#', '$SYS/#'] });
  const [everything, system] = (await ours.frame('result', 1))['results'] as { error?: { code: string } }[];
  expect([everything?.error?.code, system?.error]).toEqual(['not-authorized', undefined]);
  const theirs = await aSocket('perch.json', { cookie: perch.admin.cookie, origin: 'https://evil.example' });
  expect(await theirs.frame('welcome')).toMatchObject({ clientId: null });
  const list = await perch.admin.get<{ items: { clientId: string }[] }>('/clients?limit=5000');
  expect(list.items.filter(({ clientId }) => clientId.startsWith('$'))).toEqual([]);
});

test('with another subprotocol there is no connection', async () => {
  for (const protocol of ['soap', 'perch.xml']) {
    const outcome = new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(perch.server.jsonUrl, [protocol]);
      sockets.push(socket);
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
      socket.on('open', () => reject(new Error('It was let in.')));
    });
    expect(await outcome).toBe(400);
  }
});
