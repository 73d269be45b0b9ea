import type { WireMessage } from '@perch/wire';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  connect,
  payloadBytes,
  payloadJson,
  payloadText,
  PerchError,
  type ConnectOptions,
  type PerchClient,
} from './index.js';
import { ScriptedServer, type ScriptedLink } from './testing/scripted-server.js';

let server: ScriptedServer;
let clients: PerchClient[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

function aClient(options: ConnectOptions = {}): PerchClient {
  const client = connect(server.url, {
    webSocketFactory: (url, protocol) => new WebSocket(url, protocol),
    backOff: { minMs: 1, maxMs: 4 },
    ...options,
  });
  clients.push(client);
  return client;
}

async function anOpenClient(options: ConnectOptions = {}): Promise<{ client: PerchClient; link: ScriptedLink }> {
  const client = aClient(options);
  const link = await server.nextBound();
  await client.opened();
  return { client, link };
}

const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof PerchError ? error.code : error),
  );

/** Resolves at the next state that the check likes. */
const stateOf = (client: PerchClient, status: string): Promise<PerchClient['state']> =>
  new Promise((resolve) => {
    if (client.state.status === status) return resolve(client.state);
    const stop = client.onState((state) => {
      if (state.status !== status) return;
      stop();
      resolve(state);
    });
  });

/** A round trip: everything sent before has been handled when it ends. */
async function roundTrip(client: PerchClient, link: ScriptedLink): Promise<void> {
  const published = client.publish('round/trip', '');
  await link.accept('publish');
  await published;
}

describe('binding', () => {
  test('a client names the subprotocol, waits for the welcome and binds with its credentials', async () => {
    const auth = { type: 'basic', username: 'joy', password: 'secret' } as const;
    const client = aClient({ auth, clientId: 'pump-7' });
    const link = await server.nextLink();
    expect(link.protocol).toBe('perch.json');
    link.welcome(null);
    expect(await link.next()).toEqual({ type: 'bind', id: 0, auth, clientId: 'pump-7', resume: true });
    expect(client.state.status).toBe('connecting');
    link.welcome('pump-7', 0);
    expect(await client.opened()).toBe('pump-7');
    expect(client.state).toMatchObject({ status: 'open', clientId: 'pump-7', attempt: 0, reason: null });
  });

  test('a connection that is bound already, by a cookie, sends no bind', async () => {
    const client = aClient();
    const link = await server.nextLink();
    link.welcome('$operator/ann/1');
    expect(await client.opened()).toBe('$operator/ann/1');
    await roundTrip(client, link);
    expect(link.unread).toEqual([]);
  });

  test('a client id that the broker assigned is asked for again after a reconnect', async () => {
    const client = aClient();
    (await server.nextBound('assigned-1')).cut();
    const link = await server.nextLink();
    link.welcome(null);
    expect(await link.next()).toEqual({ type: 'bind', id: 0, clientId: 'assigned-1', resume: true });
    expect(client.state.status).toBe('reconnecting');
  });

  test('wrong credentials close the client for good, and bind with others brings it back', async () => {
    const client = aClient({ auth: { type: 'basic', username: 'joy', password: 'wrong' } });
    const first = await server.nextLink();
    const opened = refusalOf(client.opened());
    first.welcome(null);
    await first.next();
    first.send({ type: 'result', id: 0, ok: false, error: { code: 'bad-credentials', message: 'Wrong password.' } });
    expect(await opened).toBe('bad-credentials');
    expect(client.state).toMatchObject({
      status: 'closed',
      nextTryAt: null,
      reason: { name: 'bindRefused', refusal: 'bad-credentials' },
    });

    const bound = client.bind({ type: 'basic', username: 'joy', password: 'right' });
    const second = await server.nextLink();
    second.welcome(null);
    expect(await second.next()).toMatchObject({ type: 'bind', auth: { password: 'right' } });
    second.welcome('pump-7', 0);
    await bound;
    expect(client.state.status).toBe('open');
  });

  test('a bind refused because the broker cannot decide now is tried again', async () => {
    const client = aClient();
    const link = await server.nextLink();
    link.welcome(null);
    await link.next();
    link.send({ type: 'result', id: 0, ok: false, error: { code: 'unavailable', message: 'The user store is away.' } });
    await server.nextBound();
    expect(await client.opened()).toBe('pump-7');
  });

  test('a bind on an open connection that the broker refuses keeps the connection and its credentials', async () => {
    const { client, link } = await anOpenClient();
    const bound = refusalOf(client.bind({ type: 'basic', username: 'root', password: 'x' }));
    const bind = await link.next();
    expect(bind).toMatchObject({ type: 'bind', auth: { username: 'root' } });
    link.send({
      type: 'result',
      id: (bind as { id: number }).id,
      ok: false,
      error: { code: 'already-bound', message: 'Already bound.' },
    });
    expect(await bound).toBe('already-bound');
    link.cut();
    const again = await server.nextLink();
    again.welcome(null);
    expect(await again.next()).toEqual({ type: 'bind', id: 0, clientId: 'pump-7', resume: true });
  });
});

describe('subscribing', () => {
  test('what is subscribed in one turn travels in one frame, and each filter has its own answer', async () => {
    const { client, link } = await anOpenClient();
    const ended: unknown[] = [];
    const yes = client.subscribe('a/#', () => undefined);
    const no = client.subscribe('secret', () => undefined, {
      retainHandling: 2,
      onEnded: (error) => ended.push(error),
    });
    const frame = await link.next();
    expect(frame).toEqual({ type: 'subscribe', id: 1, filters: ['a/#', { filter: 'secret', retainHandling: 2 }] });
    const error = { code: 'not-authorized', message: 'Rule r1 denies it.' } as const;
    link.send({ type: 'result', id: 1, ok: false, results: [{ filter: 'a/#' }, { filter: 'secret', error }] });
    await yes.ready;
    const refusal = await no.ready.catch((reason: unknown) => reason);
    expect(refusal).toMatchObject({
      name: 'PerchError',
      code: 'not-authorized',
      message: 'Rule r1 denies it.',
      filter: 'secret',
    });
    expect(ended).toEqual([refusal]);
  });

  test('messages reach exactly the handlers whose filter matches, in order', async () => {
    const { client, link } = await anOpenClient();
    const seen: string[] = [];
    const note = (name: string) => (message: WireMessage) =>
      seen.push(`${name} ${message.topic} ${payloadText(message)}`);
    client.subscribe('a/+', note('one'));
    client.subscribe('#', note('all'));
    client.subscribe('$SYS/#', note('sys'));
    await link.accept('subscribe');
    const topics = ['a/b', 'a/b/c', '$SYS/x'];
    link.send({ type: 'messages', messages: topics.map((topic, i) => ({ topic, payload: `${i}` })) });
    await roundTrip(client, link);
    expect(seen).toEqual(['one a/b 0', 'all a/b 0', 'all a/b/c 1', 'sys $SYS/x 2']);
  });

  test('a batch handler gets all matching messages of a frame in one call', async () => {
    const { client, link } = await anOpenClient();
    const batches: number[] = [];
    client.subscribeBatches('n/#', (messages) => batches.push(messages.length));
    await link.accept('subscribe');
    link.send({
      type: 'messages',
      messages: Array.from({ length: 500 }, (_, i) => ({ topic: `n/${i}`, payload: '' })),
    });
    link.send({ type: 'messages', messages: [{ topic: 'n/x', payload: '' }] });
    await roundTrip(client, link);
    expect(batches).toEqual([500, 1]);
  });

  test('subscribers of one filter share one wire subscription, which ends with the last', async () => {
    const { client, link } = await anOpenClient();
    const seen: string[] = [];
    const first = client.subscribe('a', () => seen.push('first'), { retainHandling: 2 });
    await link.accept('subscribe');
    await first.ready;
    const second = client.subscribe('a', () => seen.push('second'), { retainHandling: 2 });
    await second.ready;
    link.send({ type: 'messages', messages: [{ topic: 'a', payload: '' }] });
    await roundTrip(client, link);
    expect(seen).toEqual(['first', 'second']);
    first.unsubscribe();
    first.unsubscribe();
    link.send({ type: 'messages', messages: [{ topic: 'a', payload: '' }] });
    await roundTrip(client, link);
    expect(seen).toEqual(['first', 'second', 'second']);
    second.unsubscribe();
    expect(await link.accept('unsubscribe')).toMatchObject({ filters: ['a'] });
  });

  test('a later subscriber that wants retained messages makes the broker replay them, and one that does not sees none', async () => {
    const { client, link } = await anOpenClient();
    const seen: string[] = [];
    client.subscribe('a', () => seen.push('events only'), { retainHandling: 2 });
    await link.accept('subscribe');
    client.subscribe('a', () => seen.push('retained too'));
    expect(await link.accept('subscribe')).toMatchObject({ filters: ['a'] });
    link.send({ type: 'messages', messages: [{ topic: 'a', payload: '1', retain: true }] });
    await roundTrip(client, link);
    expect(seen).toEqual(['retained too']);
  });

  test('a subscription made and ended in one turn costs no frame', async () => {
    const { client, link } = await anOpenClient();
    const subscription = client.subscribe('a', () => undefined);
    subscription.unsubscribe();
    expect(await refusalOf(subscription.ready)).toBe('closed');
    await roundTrip(client, link);
    expect(link.unread).toEqual([]);
  });

  test('a filter that is left and taken again in one turn is subscribed', async () => {
    const { client, link } = await anOpenClient();
    const subscription = client.subscribe('a', () => undefined);
    await link.accept('subscribe');
    subscription.unsubscribe();
    const again = client.subscribe('a', () => undefined);
    expect([(await link.accept('unsubscribe')).type, (await link.accept('subscribe')).type]).toEqual([
      'unsubscribe',
      'subscribe',
    ]);
    await again.ready;
  });

  test('an answer to a subscription that was left does not touch the one that followed it', async () => {
    const { client, link } = await anOpenClient();
    client.subscribe('a', () => undefined).unsubscribe();
    const left = client.subscribe('a', () => undefined);
    const { id } = (await link.next()) as { id: number };
    left.unsubscribe();
    const again = client.subscribe('a', () => undefined);
    await link.accept('unsubscribe');
    const error = { code: 'not-authorized', message: 'No.' } as const;
    link.send({ type: 'result', id, ok: false, results: [{ filter: 'a', error }] });
    await link.accept('subscribe');
    await again.ready;
  });

  test('many filters are asked for in frames that the broker takes', async () => {
    const { client, link } = await anOpenClient();
    const all = Array.from({ length: 250 }, (_, i) => client.subscribe(`f/${i}`, () => undefined).ready);
    const sizes = [];
    for (let i = 0; i < 3; i++) sizes.push((await link.accept('subscribe')).filters.length);
    await Promise.all(all);
    expect(sizes).toEqual([100, 100, 50]);
  });

  test('a revoked subscription ends and says so; the others go on', async () => {
    const { client, link } = await anOpenClient();
    const seen: string[] = [];
    client.subscribe('a', () => seen.push('a'), { onEnded: (error) => seen.push(`${error.code} ${error.filter}`) });
    client.subscribe('b', () => seen.push('b'));
    await link.accept('subscribe');
    link.send({ type: 'revoked', filters: ['a', 'never-asked-for'] });
    link.send({
      type: 'messages',
      messages: [
        { topic: 'a', payload: '' },
        { topic: 'b', payload: '' },
      ],
    });
    await roundTrip(client, link);
    expect(seen).toEqual(['revoked a', 'b']);
  });
});

describe('publishing', () => {
  test('publish resolves with the answer and rejects with the refusal', async () => {
    const { client, link } = await anOpenClient();
    const yes = client.publish('a', 'ä', { qos: 1, retain: true });
    expect(await link.accept('publish')).toEqual({
      type: 'publish',
      id: 1,
      topic: 'a',
      payload: 'ä',
      qos: 1,
      retain: true,
    });
    await yes;
    const no = refusalOf(client.publish('b', '1'));
    await link.next();
    link.send({ type: 'result', id: 2, ok: false, error: { code: 'not-authorized', message: 'No.' } });
    expect(await no).toBe('not-authorized');
  });

  test('bytes travel as base64, both ways', async () => {
    const { client, link } = await anOpenClient();
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) % 256);
    const published = client.publish('bin', bytes);
    const frame = await link.accept('publish');
    await published;
    expect(frame.encoding).toBe('base64');
    expect(frame.payload).toBe(Buffer.from(bytes).toString('base64'));
    expect(payloadBytes({ topic: 'bin', payload: frame.payload, encoding: 'base64' })).toEqual(bytes);
    expect(payloadBytes({ topic: 'text', payload: 'ä' })).toEqual(Uint8Array.of(0xc3, 0xa4));
    expect(payloadJson({ topic: 'json', payload: '{"a":1}' })).toEqual({ a: 1 });
  });

  test('send waits for nothing; its refusal is told to onError', async () => {
    const errors: PerchError[] = [];
    const { client, link } = await anOpenClient({ onError: (error) => errors.push(error) });
    expect(client.send('a', '1')).toBe(true);
    expect(await link.next()).toEqual({ type: 'publish', topic: 'a', payload: '1' });
    link.send({ type: 'result', id: null, ok: false, error: { code: 'not-authorized', message: 'No.' } });
    await roundTrip(client, link);
    expect(errors.map((error) => error.code)).toEqual(['not-authorized']);
  });

  test('what is published before the connection is open goes out when it is', async () => {
    const client = aClient();
    expect(client.send('lost', '')).toBe(false);
    const published = client.publish('kept', '');
    const link = await server.nextBound();
    expect(await link.accept('publish')).toMatchObject({ topic: 'kept' });
    await published;
  });

  test('what waits for a connection outlives tries that fail', async () => {
    const { client, link } = await anOpenClient();
    link.cut();
    await stateOf(client, 'reconnecting');
    const published = client.publish('kept', '');
    (await server.nextLink()).cut();
    expect(await (await server.nextBound()).accept('publish')).toMatchObject({ topic: 'kept' });
    await published;
  });

  test('a break before the answer rejects, because nobody knows whether the broker acted', async () => {
    const { client, link } = await anOpenClient();
    const published = refusalOf(client.publish('a', '1', { qos: 1 }));
    await link.next();
    link.cut();
    expect(await published).toBe('connection-lost');
  });

  test('what waits is bounded in number and in size, and in time', async () => {
    const { client, link } = await anOpenClient({ maxPendingRequests: 3, maxPendingBytes: 1000, requestTimeoutMs: 30 });
    const answers = [
      client.publish('a', '1'),
      client.publish('a', 'x'.repeat(2000)),
      client.publish('a', '2'),
      client.publish('a', '3'),
      client.publish('a', '4'),
    ];
    expect(await Promise.all(answers.map(refusalOf))).toEqual([
      'timeout',
      'queue-full',
      'timeout',
      'timeout',
      'queue-full',
    ]);
    while (link.unread.length > 0) await link.next();
    await roundTrip(client, link);
  });

  test('a frame that the broker would close for is not sent', async () => {
    const { client, link } = await anOpenClient();
    expect(await refusalOf(client.publish('a', 'ä'.repeat(40_000)))).toBe('too-large');
    expect(client.send('a', 'x'.repeat(70_000))).toBe(false);
    await roundTrip(client, link);
    expect(link.unread).toEqual([]);
  });

  test('an answer to nothing is ignored', async () => {
    const { client, link } = await anOpenClient();
    link.send({ type: 'result', id: 99, ok: true });
    await roundTrip(client, link);
  });
});

describe('reconnecting', () => {
  test('after a break it comes back, binds and subscribes again, and messages flow', async () => {
    const { client, link } = await anOpenClient();
    const seen: string[] = [];
    const states: string[] = [];
    client.onState((state) => states.push(state.status));
    client.subscribe('a', (message) => seen.push(message.payload), { retainHandling: 2 });
    client.subscribe('b', () => undefined);
    await link.accept('subscribe');
    link.cut();
    const again = await server.nextBound();
    expect((await again.accept('subscribe')).filters).toEqual([{ filter: 'a', retainHandling: 2 }, 'b']);
    again.send({ type: 'messages', messages: [{ topic: 'a', payload: 'back' }] });
    await roundTrip(client, again);
    expect(seen).toEqual(['back']);
    expect(states).toEqual(['reconnecting', 'reconnecting', 'open']);
  });

  test('while it waits the state says why, which try and when', async () => {
    const { client, link } = await anOpenClient({ backOff: { minMs: 60_000, maxMs: 60_000 } });
    const before = Date.now();
    link.close(1001);
    const state = await stateOf(client, 'reconnecting');
    expect(state).toMatchObject({ attempt: 1, clientId: null, reason: { name: 'goingAway', code: 1001 } });
    expect(state.nextTryAt).toBeGreaterThanOrEqual(before + 30_000);
    expect(state.nextTryAt).toBeLessThanOrEqual(Date.now() + 60_000);
    client.reconnect();
    await server.nextBound();
    expect(await client.opened()).toBe('pump-7');
  });

  test('onReady is called when the broker says yes, once for each connection', async () => {
    const { client, link } = await anOpenClient();
    const ready: string[] = [];
    client.subscribe('a', () => undefined, { onReady: () => ready.push('first') });
    await link.accept('subscribe');
    client.subscribe('a', () => undefined, { onReady: () => ready.push('second') });
    await link.accept('subscribe');
    await roundTrip(client, link);
    expect(ready).toEqual(['first', 'second']);
    link.cut();
    const again = await server.nextBound();
    await again.accept('subscribe');
    await roundTrip(client, again);
    expect(ready).toEqual(['first', 'second', 'first', 'second']);
  });

  test('a subscription made while away is asked for when the connection is back', async () => {
    const { client, link } = await anOpenClient();
    link.cut();
    await stateOf(client, 'reconnecting');
    const { ready } = client.subscribe('late', () => undefined);
    const again = await server.nextBound();
    expect((await again.accept('subscribe')).filters).toEqual(['late']);
    await ready;
  });

  test('a subscription that is refused after a reconnect ends and says so', async () => {
    const { client, link } = await anOpenClient();
    const ended: string[] = [];
    client.subscribe('a', () => undefined, { onEnded: (error) => ended.push(error.code) });
    await link.accept('subscribe');
    link.cut();
    const again = await server.nextBound();
    const { id } = (await again.next()) as { id: number };
    again.send({
      type: 'result',
      id,
      ok: false,
      results: [{ filter: 'a', error: { code: 'not-authorized', message: 'No.' } }],
    });
    await roundTrip(client, again);
    expect(ended).toEqual(['not-authorized']);
  });

  test.each([
    [4400, 'invalidFrame'],
    [4401, 'badCredentials'],
    [4403, 'kicked'],
    [4409, 'takenOver'],
    [4413, 'tooLarge'],
    [1009, 'tooLarge'],
    [1003, 'invalidFrame'],
    [1007, 'invalidFrame'],
  ])('close code %i (%s) means stay away', async (code, name) => {
    const { client, link } = await anOpenClient();
    const { ready } = client.subscribe('a', () => undefined);
    const published = client.publish('a', '');
    link.close(code, 'because');
    expect(await stateOf(client, 'closed')).toMatchObject({
      reason: { name, code, message: 'because' },
      nextTryAt: null,
    });
    expect(await Promise.all([refusalOf(ready), refusalOf(published), refusalOf(client.publish('b', ''))])).toEqual([
      'closed',
      'closed',
      'closed',
    ]);
    expect(await refusalOf(client.opened())).toBe('closed');
  });

  test.each([1000, 1001, 1011, 4408, 4429, 4500, 4999])('close code %i means come back', async (code) => {
    const { client, link } = await anOpenClient();
    link.close(code);
    await stateOf(client, 'reconnecting');
    await server.nextBound();
    await client.opened();
  });

  test('a server that is away is tried again and again, and found when it returns', async () => {
    const { client } = await anOpenClient();
    const { port } = server;
    await server.stop();
    while (client.state.attempt < 3) await new Promise((resolve) => client.onState(resolve));
    expect(client.state.reason?.name).toBe('network');
    server = await ScriptedServer.start(port);
    await server.nextBound();
    expect(await client.opened()).toBe('pump-7');
  });

  test('a link that answers no ping is dead and replaced', async () => {
    const { client, link } = await anOpenClient({ pingIntervalMs: 5, pongTimeoutMs: 20 });
    link.answersPings = false;
    expect((await stateOf(client, 'reconnecting')).reason?.name).toBe('noAnswer');
    await server.nextBound();
    await client.opened();
  });

  test('what a link still says after it was given up is not heard', async () => {
    const { client, link } = await anOpenClient({
      // As in a browser: only the closing handshake ends it.
      webSocketFactory: (url, protocol) => Object.assign(new WebSocket(url, protocol), { terminate: undefined }),
      pingIntervalMs: 5,
      pongTimeoutMs: 20,
    });
    const seen: string[] = [];
    client.subscribe('a', ({ payload }) => seen.push(payload));
    await link.accept('subscribe');
    link.answersPings = false;
    const stop = client.onState(() => {
      stop();
      link.send({ type: 'messages', messages: [{ topic: 'a', payload: 'too late' }] });
    });
    const again = await server.nextBound();
    await again.accept('subscribe');
    await link.closed;
    await roundTrip(client, again);
    expect(seen).toEqual([]);
  });

  test('a server that never welcomes is given up', async () => {
    const client = aClient({ connectTimeoutMs: 20 });
    await server.nextLink();
    expect((await stateOf(client, 'reconnecting')).reason?.name).toBe('noAnswer');
  });

  test('a factory that throws later on is a failed try', async () => {
    let calls = 0;
    const client = aClient({
      webSocketFactory: (url, protocol) => {
        if (++calls === 2) throw new Error('no token');
        return new WebSocket(url, protocol);
      },
    });
    const messages: (string | undefined)[] = [];
    client.onState(({ reason }) => messages.push(reason?.message));
    (await server.nextBound()).cut();
    await server.nextBound();
    await client.opened();
    expect([calls, messages.includes('Error: no token')]).toEqual([3, true]);
  });

  test.each(['nonsense', '[]', 'null', '{"type":1}', '{"type":"messages"}', '{"type":"revoked","filters":1}'])(
    'a server that says %s does not speak the protocol',
    async (text) => {
      const { client, link } = await anOpenClient();
      client.subscribe('a', () => undefined);
      await link.accept('subscribe');
      link.sendText(text);
      expect((await stateOf(client, 'reconnecting')).reason?.name).toBe('badAnswer');
    },
  );

  test('a frame of a later version is ignored', async () => {
    const { client, link } = await anOpenClient();
    link.sendText('{"type":"presence","items":[]}');
    await roundTrip(client, link);
    expect(client.state.status).toBe('open');
  });

  test('close ends it, once, and reconnect brings it back with its subscriptions', async () => {
    const { client, link } = await anOpenClient();
    client.subscribe('a', () => undefined);
    await link.accept('subscribe');
    client.close();
    client.close();
    expect(await link.closed).toBe(1000);
    expect(client.state).toMatchObject({ status: 'closed', reason: { name: 'closedByClient' } });
    client.reconnect();
    const again = await server.nextBound();
    expect((await again.accept('subscribe')).filters).toEqual(['a']);
  });
});

test('a client that is closed leaves no timer behind that would keep a process alive', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  try {
    const sockets: WebSocket[] = [];
    const { client, link } = await anOpenClient({
      webSocketFactory: (url, protocol) => sockets[sockets.push(new WebSocket(url, protocol)) - 1]!,
    });
    client.subscribe('a', () => undefined);
    await link.accept('subscribe');
    await roundTrip(client, link);
    expect(vi.getTimerCount()).toBe(1); // the keep-alive
    client.close();
    await once(sockets[0]!, 'close');
    await link.closed;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('without a WebSocket of the platform or a factory, connect says what to pass', () => {
  const platform = globalThis.WebSocket;
  Reflect.deleteProperty(globalThis, 'WebSocket');
  try {
    expect(() => connect('ws://127.0.0.1:1')).toThrow('webSocketFactory');
  } finally {
    if (platform) globalThis.WebSocket = platform;
  }
});
