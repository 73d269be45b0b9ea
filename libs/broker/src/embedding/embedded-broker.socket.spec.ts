import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createBroker, type EmbeddedBroker, type EmbeddedBrokerOptions } from './embedded-broker.js';
import { PublishError, type LocalMessage } from './local-client.js';

const brokers: EmbeddedBroker[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.close();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function aBroker(options: Partial<EmbeddedBrokerOptions> = {}): Promise<EmbeddedBroker> {
  const broker = await createBroker({ authenticate: () => true, authorize: () => true, ...options });
  brokers.push(broker);
  return broker;
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The return code of the CONNACK that a CONNECT gets. */
function connackOf(port: number, username: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      resolve(bytes[3] ?? -1);
      socket.destroy();
    });
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: 'c',
        keepalive: 0,
        username,
      }),
    );
  });
}

test('who does not say who may come in and what they may do gets no broker', async () => {
  await expect(createBroker({ authorize: () => true } as never)).rejects.toThrow('Say who may connect');
  await expect(createBroker(undefined as never)).rejects.toThrow('Say who may connect');
  await expect(createBroker({ authenticate: () => true })).rejects.toThrow('Say who may do what');
});

describe('rules that could never apply', () => {
  const settings = { noMatch: 'deny', wildcardOverlap: 'exclude' };
  const rule = {
    id: 'joy',
    effect: 'allow',
    subject: 'username',
    value: 'joy',
    access: 'pubsub',
    topics: ['joy/#'],
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
  };
  const policyWith = (change: object) => ({ rules: [{ ...rule, ...change }], settings }) as never;

  test.each([
    ['no rules', {} as never, 'policy.rules has to be a list'],
    ['no settings', { rules: [] } as never, 'policy.settings.noMatch has to be'],
    ['half of the settings', { rules: [], settings: { noMatch: 'deny' } } as never, 'wildcardOverlap has to be'],
    ['no id', policyWith({ id: undefined }), 'policy.rules[0].id has to be text'],
    ['no value', policyWith({ value: undefined }), 'policy.rules[0].value has to be text'],
    ['no topics', policyWith({ topics: undefined }), 'policy.rules[0].topics has to be a list'],
    ['a rule that is not said to be on', policyWith({ enabled: undefined }), 'policy.rules[0].enabled has to be'],
    ['an end that is left open', policyWith({ validUntil: undefined }), 'policy.rules[0].validUntil has to be'],
    ['a filter that is none', policyWith({ topics: ['a', 'b/#/c'] }), 'policy.rules[0].topics.1: # may only be'],
    ['an effect that is none', policyWith({ effect: 'permit' }), 'policy.rules[0].effect: The effect must be one of'],
  ])('with %s are said so, and change nothing', async (_, policy, words) => {
    await expect(createBroker({ authenticate: () => true, policy })).rejects.toThrow(words);
    const broker = await aBroker();
    expect(() => broker.setPolicy(policy)).toThrow(words);
  });
});

test.each([
  ['true', () => true, 0],
  ['false', () => false, 4],
  ['a user', () => ({ username: 'joy', labels: ['staff'] }), 0],
  ['a promise', () => Promise.resolve(true), 0],
  ['a promise that rejects', () => Promise.reject(new Error('no database')), 3],
  ['a refusal', () => ({ accepted: false, refusal: 'banned' }) as const, 5],
])('an authenticator that answers %s is understood', async (_, authenticate, code) => {
  const reported: unknown[] = [];
  const { mqttPort } = await (
    await aBroker({ authenticate, report: (error) => reported.push(error) })
  ).listen({ mqttPort: 0 });
  expect(await connackOf(mqttPort ?? 0, 'joy')).toBe(code);
  expect(reported).toHaveLength(code === 3 ? 1 : 0);
});

describe('the HTTP server of somebody else', () => {
  const statusOf = (port: number, path: string, headers = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, ...headers };
      request({
        port,
        path,
        host: '127.0.0.1',
        headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...upgrade },
      })
        .on('response', ({ statusCode = 0 }) => resolve(statusCode))
        .on('upgrade', ({ statusCode = 0 }, socket) => {
          socket.destroy();
          resolve(statusCode);
        })
        .on('error', reject)
        .end();
    });

  test('gives it the upgrades of its paths, and of those only what is right', async () => {
    const port = await listening((await aBroker()).serveWebSockets(createServer()));
    expect(await statusOf(port, '/mqtt', { 'Sec-WebSocket-Protocol': 'mqtt' })).toBe(101);
    expect(await statusOf(port, '/ws?as=client', { 'Sec-WebSocket-Protocol': 'perch.json' })).toBe(101);
    expect(await statusOf(port, '/ws', { 'Sec-WebSocket-Protocol': 'mqtt' })).toBe(400);
    expect(await statusOf(port, '/ws', { 'Sec-WebSocket-Protocol': 'perch.json', 'Sec-WebSocket-Version': 8 })).toBe(
      426,
    );
    expect(await statusOf(port, '/other', { 'Sec-WebSocket-Protocol': 'mqtt' })).toBe(404);
  });

  test('keeps those that others listen for', async () => {
    const server = (await aBroker()).serveWebSockets(createServer(), { mqtt: null });
    server.on('upgrade', ({ url }, socket) => {
      if (url === '/other') socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
    const port = await listening(server);
    expect(await statusOf(port, '/other')).toBe(204);
    expect(await statusOf(port, '/ws', { 'Sec-WebSocket-Protocol': 'perch.json' })).toBe(101);
  });
});

test('it listens for WebSockets by itself, and ends them when it closes', async () => {
  const broker = await aBroker();
  const { webSocketPort, mqttPort } = await broker.listen({ webSocketPort: 0 });
  expect(mqttPort).toBe(null);
  const socket = new WebSocket(`ws://127.0.0.1:${webSocketPort}/ws`, 'perch.json');
  await new Promise((resolve) => socket.once('message', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await broker.close();
  expect(await closed).toBe(1001);
});

describe('a client inside the process', () => {
  test('gets what is retained, then what comes, as copies, until it ends that', async () => {
    const inside = (await aBroker()).client('inside');
    await inside.publish('a/1', 'kept', { qos: 1, retain: true });
    const seen: LocalMessage[] = [];
    const stop = inside.subscribe('a/#', (message) => seen.push(message));
    await inside.publish('a/2', Uint8Array.of(1, 2), { properties: { contentType: 'x' } });
    stop();
    await inside.publish('a/3', 'not heard');
    expect(seen).toMatchObject([
      { topic: 'a/1', payload: Buffer.from('kept'), retain: true, publisher: 'inside' },
      { topic: 'a/2', payload: Buffer.from([1, 2]), retain: false, properties: { contentType: 'x' } },
    ]);
  });

  test('is told what is wrong, and a handler that throws harms nobody', async () => {
    const reported: string[] = [];
    const inside = (await aBroker({ report: (_, what) => reported.push(what) })).client('inside');
    await expect(inside.publish('a/+', '')).rejects.toEqual(new PublishError('invalid-topic'));
    await expect(inside.publish('$SYS/a', '')).rejects.toMatchObject({ refusal: 'not-authorized' });
    expect(() => inside.subscribe('a/#/b', () => undefined)).toThrow(TypeError);
    inside.subscribe('a', () => {
      throw new Error('a bug of the program');
    });
    const seen: string[] = [];
    inside.subscribe('a', ({ topic }) => seen.push(topic));
    await inside.publish('a', '');
    expect([reported, seen]).toEqual([['a subscription of inside'], ['a']]);
  });
});
