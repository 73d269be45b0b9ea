import {
  connect,
  messagesOf,
  payloadBytes,
  PerchError,
  type ConnectOptions,
  type PerchClient,
  type WireMessage,
} from '@perch/client';
import type { WelcomeFrame } from '@perch/wire';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const RULES = [allow('joy', 'pubsub', 'plant/#'), allow('joy', 'sub', '$SYS/#')];

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules(RULES);
});

const clients = new Set<PerchClient>();
const sockets = new Set<WebSocket>();

afterEach(() => {
  for (const client of clients) client.close();
  for (const socket of sockets) socket.terminate();
  clients.clear();
  sockets.clear();
});

let names = 0;
const aName = (prefix: string) => `${prefix}-${++names}`;

function aClient(options: ConnectOptions = {}): PerchClient {
  const client = connect(perch.server.jsonUrl, {
    auth: { type: 'basic', ...JOY },
    webSocketFactory: (url, protocol) => new WebSocket(url, protocol),
    backOff: { minMs: 50, maxMs: 500 },
    ...options,
  });
  clients.add(client);
  return client;
}

/** A subscription that the broker has granted, and what it brings. */
async function watch(client: PerchClient, filter: string): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  await client.subscribe(filter, (message) => messages.push(message)).ready;
  return messages;
}

/** A bare WebSocket, and what it hears. */
function aSocket(headers: Record<string, string> = {}): {
  socket: WebSocket;
  texts: string[];
  closed: Promise<number>;
} {
  const socket = new WebSocket(perch.server.jsonUrl, 'perch.json', { headers });
  sockets.add(socket);
  const texts: string[] = [];
  socket.on('message', (data) => texts.push((data as Buffer).toString()));
  socket.on('error', () => undefined);
  return { socket, texts, closed: new Promise((resolve) => socket.on('close', resolve)) };
}

const heard = (texts: string[], count: number) =>
  waitFor(() => texts.length >= count && texts, { what: `${count} frames from the broker` });

describe('a user', () => {
  test('is let in by the right password and by no other', async () => {
    expect(await aClient({ clientId: 'right' }).opened()).toBe('right');
    const wrong = aClient({ auth: { type: 'basic', username: 'joy', password: 'wrong' } });
    await expect(wrong.opened()).rejects.toMatchObject({ code: 'bad-credentials' });
    await expect(aClient({ auth: undefined }).opened()).rejects.toBeInstanceOf(PerchError);
  });

  test('that was refused comes in with the right password through bind', async () => {
    const client = aClient({ auth: { type: 'basic', username: 'joy', password: 'wrong' } });
    await client.opened().catch(() => undefined);
    await client.bind({ type: 'basic', ...JOY });
    expect(client.state.status).toBe('open');
  });

  test('that is disabled loses its connection before the answer, for good', async () => {
    await perch.admin.createUser('tim', 'tim-password-1');
    const client = aClient({ clientId: 'tims', auth: { type: 'basic', username: 'tim', password: 'tim-password-1' } });
    await client.opened();
    const { items } = await perch.admin.get<{ items: { id: string }[] }>('/users?q=tim');
    await perch.admin.ok('PATCH', `/users/${items[0]?.id}`, { disabled: true });
    expect(await perch.admin.client('tims')).toMatchObject({ online: false });
    await waitFor(() => client.state.status === 'closed', { what: 'the client to be closed' });
  });
});

describe('one topic space', () => {
  test('messages cross between perch.json and MQTT, text and bytes', async () => {
    const json = aClient();
    const seen = await watch(json, 'plant/cross/#');
    const mqtt = await Device.connect(perch.server.mqttUrl, { clientId: aName('device'), protocolVersion: 5, ...JOY });
    await mqtt.subscribe('plant/cross/#', 1);
    await json.publish('plant/cross/json', 'grüße', { qos: 1 });
    await mqtt.publish('plant/cross/mqtt', Buffer.from([0, 255, 128]), { qos: 1 });
    expect((await mqtt.message('grüße')).topic).toBe('plant/cross/json');
    await waitFor(() => seen.length === 2, { what: 'both messages' });
    expect(seen.map(payloadBytes)).toEqual([new TextEncoder().encode('grüße'), Uint8Array.of(0, 255, 128)]);
  });

  test('ten thousand messages arrive once and in order', async () => {
    const [sender, receiver] = [aClient(), aClient()];
    await sender.opened();
    const seen = await watch(receiver, 'plant/many');
    for (let i = 0; i < 10_000; i++) expect(sender.send('plant/many', `${i}`)).toBe(true);
    await waitFor(() => seen.length >= 10_000, { what: 'all messages' });
    expect(seen.map(({ payload }) => payload)).toEqual(Array.from({ length: 10_000 }, (_, i) => `${i}`));
  });

  test('what no rule allows is refused, filter by filter, and reaches nobody', async () => {
    const client = aClient();
    const seen = await watch(client, 'plant/#');
    const refused = client.subscribe('secret/#', () => undefined).ready;
    await expect(refused).rejects.toMatchObject({ code: 'not-authorized', filter: 'secret/#' });
    await expect(client.publish('secret/door', 'open')).rejects.toMatchObject({ code: 'not-authorized' });
    await expect(client.publish('$SYS/broker/version', 'mine')).rejects.toMatchObject({ code: 'not-authorized' });
    expect(seen).toEqual([]);
  });
});

describe('an operator', () => {
  test('who takes one rule away takes exactly its subscriptions, before the answer', async () => {
    const client = aClient();
    const ended: string[] = [];
    await perch.admin.setRules([...RULES, allow('joy', 'sub', 'extra/#')]);
    await watch(client, 'plant/#');
    await client.subscribe('extra/a', () => undefined, {
      onEnded: ({ code, filter }) => ended.push(`${code} ${filter}`),
    }).ready;
    const { lost } = await perch.admin.setRules(RULES);
    expect(lost?.items).toMatchObject([{ topic: 'extra/a' }]);
    await waitFor(() => ended.length > 0, { what: 'the revoked subscription' });
    expect([ended, client.state.status]).toEqual([['revoked extra/a'], 'open']);
  });

  test('who kicks a client ends it for good', async () => {
    const clientId = aName('kicked');
    const client = aClient({ clientId });
    await client.opened();
    await perch.admin.ok('POST', `/clients/${clientId}/kick`, {});
    await waitFor(() => client.state.status === 'closed', { what: 'the client to be closed' });
    expect(client.state.reason).toMatchObject({ name: 'kicked', code: 4403 });
    expect(await perch.admin.client(clientId)).toMatchObject({ online: false, protocol: 'json' });
  });

  test('is bound by the cookie from our own pages, may read presence, and is no client', async () => {
    const { texts } = aSocket({ cookie: perch.admin.cookie, origin: perch.server.url });
    const [welcome] = await heard(texts, 1);
    const { clientId } = JSON.parse(welcome ?? '') as WelcomeFrame;
    expect(clientId).toMatch(/^\$operator\/admin\/\d+$/);
    expect(await perch.admin.client(clientId ?? '')).toBeNull();
  });

  test('is not bound by the cookie from another site', async () => {
    const { texts } = aSocket({ cookie: perch.admin.cookie, origin: 'http://evil.example' });
    const [welcome] = await heard(texts, 1);
    expect(JSON.parse(welcome ?? '')).toMatchObject({ clientId: null });
  });

  test('whose cookie is worth nothing is told to sign in', async () => {
    const cookie = perch.admin.cookie.replace(/=.*/, '=worthless');
    expect(await aSocket({ cookie, origin: perch.server.url }).closed).toBe(4401);
  });
});

describe('presence', () => {
  test('tells of each client, and why it went', async () => {
    const watcher = aClient();
    const events: { clientID: string; online: boolean; reason?: string }[] = [];
    const note = ({ payload }: WireMessage) => events.push(JSON.parse(payload) as (typeof events)[number]);
    await watcher.subscribe('$SYS/broker/connection/clients/+', note, { retainHandling: 2 }).ready;
    const [polite, abrupt] = [aName('polite'), aName('abrupt')];
    const client = aClient({ clientId: polite });
    await client.opened();
    client.close();
    const { socket, texts } = aSocket();
    await heard(texts, 1);
    socket.send(JSON.stringify({ type: 'bind', id: 1, clientId: abrupt, auth: { type: 'basic', ...JOY } }));
    await heard(texts, 2);
    socket.terminate();
    const of = (id: string) => events.filter(({ clientID }) => clientID === id);
    await waitFor(() => of(polite).length === 2 && of(abrupt).length === 2, { what: 'all events' });
    expect(of(polite)).toMatchObject([{ online: true }, { online: false, reason: 'client-disconnected' }]);
    expect(of(abrupt)).toMatchObject([{ online: true }, { online: false, reason: 'connection-lost' }]);
  });
});

describe('bad input', () => {
  test.each([
    ['text that is not JSON', 'hello', 4400],
    ['JSON that is no frame', '{"type":"CONNECT"}', 4400],
    ['a binary frame', Buffer.from('{}'), 1003],
    ['a frame of 2 MB', 'x'.repeat(2_000_000), 1009],
    ['text that is too large before the bind', `"${'x'.repeat(300_000)}"`, 4413],
  ])('%s closes its own connection and no other', async (_, sent, code) => {
    const bystander = aClient();
    const seen = await watch(bystander, 'plant/bystander');
    const { socket, texts, closed } = aSocket();
    await heard(texts, 1);
    socket.send(sent);
    expect(await closed).toBe(code);
    await bystander.publish('plant/bystander', 'fine');
    await waitFor(() => seen.length > 0, { what: 'the message of the bystander' });
    expect(seen).toHaveLength(1);
  });

  test('whoever asks for another subprotocol is not let in', async () => {
    const socket = new WebSocket(perch.server.jsonUrl, 'soap');
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(status).toBe(400);
  });
});

test('after kill -9 and a restart a client comes back by itself, and what was acknowledged is there', async () => {
  const client = aClient({ clientId: 'survivor' });
  const statuses: string[] = [];
  client.onState(({ status }) => statuses.push(status));
  const seen = await watch(client, 'plant/kept');
  await client.publish('plant/kept', 'for ever', { qos: 1, retain: true });
  await perch.server.kill9();
  await waitFor(() => client.state.status === 'reconnecting', { what: 'the client to notice' });
  await perch.server.restart();
  await waitFor(() => seen.some(({ retain }) => retain), { what: 'the retained message' });
  expect(seen.at(-1)).toEqual({ topic: 'plant/kept', payload: 'for ever', retain: true });
  expect(client.state).toMatchObject({ status: 'open', clientId: 'survivor' });
  expect(statuses.at(0)).toBe('open');
});

test('over a break nothing is lost: the session goes on, what waited is sent, and more than may wait is refused', async () => {
  const sockets: WebSocket[] = [];
  const lost: (number | null)[] = [];
  let isAway = false;
  const client = aClient({
    webSocketFactory: (url, protocol) => {
      if (isAway) return new WebSocket('ws://127.0.0.1:1', protocol);
      sockets.push(new WebSocket(url, protocol));
      return sockets.at(-1)!;
    },
    maxPendingRequests: 2,
    onLost: (count) => lost.push(count),
  });
  const read: string[] = [];
  const reading = (async () => {
    for await (const { payload } of messagesOf(client, 'plant/break')) read.push(payload);
    return 'the end';
  })();
  await client.publish('plant/break', 'before');
  await waitFor(() => read.length === 1, { what: 'the message before the break' });
  isAway = true;
  sockets[0]?.terminate();
  await waitFor(() => client.state.status === 'reconnecting', { what: 'the client to notice' });
  const other = aClient();
  await other.publish('plant/break', 'meanwhile', { qos: 1 });
  const waiting = [client.publish('plant/break', 'waited 1'), client.publish('plant/break', 'waited 2')];
  await expect(client.publish('plant/break', 'too much')).rejects.toMatchObject({ code: 'queue-full' });
  isAway = false;
  await Promise.all(waiting);
  await waitFor(() => read.length === 4, { what: 'everything' });
  expect(read).toEqual(['before', 'meanwhile', 'waited 1', 'waited 2']);
  expect([lost, sockets.length]).toEqual([[], 2]);
  client.close();
  expect(await reading).toBe('the end');
});
