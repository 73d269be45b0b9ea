import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect, messagesOf, PerchError, watchPresence, type ConnectOptions, type PerchClient } from './index.js';
import { ScriptedServer, type ScriptedLink } from './testing/scripted-server.js';

let server: ScriptedServer;
let client: PerchClient;
let lost: (number | null)[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  lost = [];
});

afterEach(async () => {
  client.close();
  await server.stop();
});

async function open(options: ConnectOptions = {}): Promise<ScriptedLink> {
  client = connect(server.url, {
    webSocketFactory: (url, protocol) => new WebSocket(url, protocol),
    backOff: { minMs: 1, maxMs: 4 },
    onLost: (count) => lost.push(count),
    ...options,
  });
  const isKept = options.resume !== false;
  const link = await server.nextBound('c', isKept ? { session: 's-1', offset: 0, resumeMs: 1000 } : {});
  await client.opened();
  return link;
}

/** The next connection, after its bind, which is returned; answered with this. */
async function comeBack(more: object): Promise<{ link: ScriptedLink; bind: unknown }> {
  const link = await server.nextLink();
  link.welcome(null);
  const bind = await link.next();
  link.welcome('c', 0, more);
  await client.opened();
  return { link, bind };
}

async function roundTrip(link: ScriptedLink): Promise<void> {
  const published = client.publish('round/trip', '');
  await link.accept('publish');
  await published;
}

describe('resuming', () => {
  test('tells where it was, keeps its subscriptions without asking, and misses nothing', async () => {
    const link = await open();
    const seen: string[] = [];
    const ready: string[] = [];
    client.subscribe('a', ({ payload }) => seen.push(payload), { onReady: () => ready.push('ready') });
    await link.accept('subscribe');
    link.send({ type: 'messages', offset: 7, messages: [{ topic: 'a', payload: '7' }] });
    await roundTrip(link);
    link.cut();
    const { link: again, bind } = await comeBack({ session: 's-1', offset: 7, resumed: true, lost: 0 });
    expect(bind).toMatchObject({ clientId: 'c', resume: { session: 's-1', offset: 7 } });
    again.send({ type: 'messages', offset: 8, messages: [{ topic: 'a', payload: '8' }] });
    await roundTrip(again);
    expect([seen, ready, lost, again.unread]).toEqual([['7', '8'], ['ready'], [], []]);
  });

  test('asks for what was not answered before the break, and leaves what was left meanwhile', async () => {
    const link = await open();
    const old = client.subscribe('old', () => undefined);
    await link.accept('subscribe');
    await old.ready;
    client.subscribe('asked', () => undefined);
    await link.next();
    old.unsubscribe();
    await link.next();
    link.cut();
    const { link: again } = await comeBack({ session: 's-1', offset: 0, resumed: true });
    expect((await again.accept('unsubscribe')).filters).toEqual(['old']);
    expect((await again.accept('subscribe')).filters).toEqual(['asked']);
  });

  test('says how many messages were lost, and calls onReady again', async () => {
    const link = await open();
    const ready: string[] = [];
    client.subscribe('a', () => undefined, { onReady: () => ready.push('ready') });
    await link.accept('subscribe');
    await roundTrip(link);
    link.cut();
    const { link: again } = await comeBack({ session: 's-1', offset: 5, resumed: true, lost: 5 });
    again.send({ type: 'messages', offset: 9, lost: 3, messages: [{ topic: 'a', payload: '' }] });
    await roundTrip(again);
    expect([lost, ready]).toEqual([
      [5, 3],
      ['ready', 'ready'],
    ]);
  });

  test('a session that is over is said to have lost who knows how many, and all is asked for again', async () => {
    const link = await open();
    client.subscribe('a', () => undefined);
    await link.accept('subscribe');
    link.cut();
    const { link: again } = await comeBack({ session: 's-2', offset: 0, resumed: false });
    expect((await again.accept('subscribe')).filters).toEqual(['a']);
    expect(lost).toEqual([null]);
    again.cut();
    expect((await comeBack({})).bind).toMatchObject({ resume: { session: 's-2', offset: 0 } });
  });

  test('is not asked for where it is not wanted, and not after a good-bye', async () => {
    const link = await open({ resume: false });
    link.cut();
    expect((await comeBack({})).bind).not.toHaveProperty('resume');
    client.close();
    await open();
    client.close();
    client.reconnect();
    expect((await comeBack({})).bind).toMatchObject({ resume: true });
  });
});

test('publishAll sends one frame and tells what came of each message', async () => {
  const link = await open();
  const published = client.publishAll([
    { topic: 'a', payload: 'text', qos: 1 },
    { topic: 'b', payload: Uint8Array.of(0, 255), retain: true },
  ]);
  const frame = await link.next();
  expect(frame).toEqual({
    type: 'messages',
    id: 1,
    messages: [
      { topic: 'a', payload: 'text', qos: 1 },
      { topic: 'b', payload: 'AP8=', encoding: 'base64', retain: true },
    ],
  });
  link.send({ type: 'result', id: 1, ok: false, results: [{}, { error: { code: 'not-authorized', message: 'No.' } }] });
  expect(await published).toEqual([null, new PerchError('not-authorized', 'No.')]);
  const refused = client.publishAll([]);
  await link.next();
  link.send({ type: 'result', id: 2, ok: false, error: { code: 'invalid-frame', message: 'messages: …' } });
  await expect(refused).rejects.toMatchObject({ code: 'invalid-frame' });
});

describe('messagesOf', () => {
  test('yields messages in order over a break, and leaving the loop ends the subscription', async () => {
    const link = await open();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { payload } of messagesOf(client, 'a')) if (seen.push(payload) === 3) break;
    })();
    await link.accept('subscribe');
    link.send({ type: 'messages', offset: 2, messages: ['1', '2'].map((payload) => ({ topic: 'a', payload })) });
    await roundTrip(link);
    link.cut();
    const { link: again } = await comeBack({ session: 's-1', offset: 2, resumed: true });
    again.send({ type: 'messages', offset: 3, messages: [{ topic: 'a', payload: '3' }] });
    await reading;
    expect(seen).toEqual(['1', '2', '3']);
    expect((await again.accept('unsubscribe')).filters).toEqual(['a']);
  });

  test('throws the refusal, and when the subscription is taken away after what had come', async () => {
    const link = await open();
    const read = async (filter: string): Promise<string[]> => {
      const seen: string[] = [];
      try {
        for await (const { payload } of messagesOf(client, filter)) seen.push(payload);
      } catch (error) {
        seen.push((error as PerchError).code);
      }
      return seen;
    };
    const refused = read('secret');
    const subscribe = await link.next();
    const error = { code: 'not-authorized', message: 'No.' } as const;
    link.send({
      type: 'result',
      id: 'id' in subscribe ? (subscribe.id ?? 0) : 0,
      ok: false,
      results: [{ filter: 'secret', error }],
    });
    expect(await refused).toEqual(['not-authorized']);
    const revoked = read('a');
    await link.accept('subscribe');
    link.send({ type: 'messages', messages: [{ topic: 'a', payload: '1' }] });
    link.send({ type: 'revoked', filters: ['a'] });
    expect(await revoked).toEqual(['1', 'revoked']);
  });

  test('ends when the client is closed, and throws when the broker closes it for good', async () => {
    const read = async (): Promise<unknown> => {
      const seen: unknown[] = [];
      try {
        for await (const { payload } of messagesOf(client, 'a')) seen.push(payload);
        return [...seen, 'the end'];
      } catch (error) {
        return [...seen, (error as PerchError).code];
      }
    };
    const link = await open();
    const reading = read();
    await link.accept('subscribe');
    link.send({ type: 'messages', messages: [{ topic: 'a', payload: '1' }] });
    await roundTrip(link);
    client.close();
    expect(await reading).toEqual(['1', 'the end']);
    const other = await open();
    const kicked = read();
    await other.accept('subscribe');
    other.close(4403);
    expect(await kicked).toEqual(['closed']);
  });

  test('a loop that is too slow loses the oldest, and is told', async () => {
    const link = await open();
    const dropped: number[] = [];
    const stream = messagesOf(client, 'a', { maxWaiting: 2, onDropped: (count) => dropped.push(count) });
    const first = stream.next();
    await link.accept('subscribe');
    const send = (...payloads: string[]) =>
      link.send({ type: 'messages', messages: payloads.map((payload) => ({ topic: 'a', payload })) });
    send('1');
    expect((await first).value).toMatchObject({ payload: '1' });
    send('2', '3', '4');
    send('5');
    await roundTrip(link);
    expect([(await stream.next()).value, (await stream.next()).value]).toMatchObject([
      { payload: '4' },
      { payload: '5' },
    ]);
    expect(dropped).toEqual([1, 2]);
    await stream.return();
  });
});

test('watchPresence tells who is online, of all clients or of one, whatever its name', async () => {
  const link = await open();
  const seen: unknown[] = [];
  watchPresence(client, ({ clientID, online }) => seen.push([clientID, online]));
  expect((await link.accept('subscribe')).filters).toEqual(['$SYS/broker/connection/clients/+']);
  watchPresence(client, () => undefined, { clientId: 'a/b' });
  expect((await link.accept('subscribe')).filters).toEqual(['$SYS/broker/connection/clients/a%2Fb']);
  const payload = '{"clientID":"a/b","online":true,"timestamp":"2026-01-01T00:00:00Z"}';
  link.send({ type: 'messages', messages: [{ topic: '$SYS/broker/connection/clients/a%2Fb', payload }] });
  await roundTrip(link);
  expect(seen).toEqual([['a/b', true]]);
});

test('a ping says what has come', async () => {
  const link = await open({ pingIntervalMs: 5 });
  link.answersPings = false;
  link.send({ type: 'messages', offset: 3, messages: [] });
  let ping = await link.next();
  while ('offset' in ping && ping.offset === 0) ping = await link.next();
  expect(ping).toEqual({ type: 'ping', offset: 3 });
});
