import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { acceptMqtt } from '../protocols/mqtt/accept-mqtt.js';
import { SystemClock } from '../system-clock.js';
import { clientFrame, type ClientFrame } from '../testing/client-frame.js';
import { newBroker } from '../testing/index.js';
import { Echo, WebSocketPeer } from '../testing/web-socket-peer.js';
import { BINARY, CLOSE, framed, PING, PONG, TEXT } from './web-socket-frames.js';
import { upgradeAnswer } from './web-socket-handshake.js';
import { WebSocketLink } from './web-socket-link.js';
import type { FrameType } from './web-socket-reader.js';

const peer = { address: '127.0.0.1', port: 1, isSecure: false, certificateName: null };
const open: { close(): void }[] = [];
afterEach(() => {
  open.splice(0).forEach((server) => server.close());
  WebSocketPeer.closeAll();
});

/** A broker behind a WebSocket server that takes frames of at most 1,000 bytes. */
async function anEndpoint() {
  const it = newBroker({ clock: new SystemClock() });
  const http = createServer().listen(0, '127.0.0.1');
  const options = { frames: 'binary', maxMessageBytes: 1000, clock: it.broker.clock, peer } as const;
  http.on('upgrade', (request, socket: Socket) => {
    socket.write(upgradeAnswer(request, 'mqtt'));
    acceptMqtt(it.broker, new WebSocketLink(socket, options));
  });
  open.push(http);
  await new Promise((resolve) => http.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, 'mqtt');
  await new Promise((resolve) => client.once('open', resolve));
  return { it, client, closed: new Promise<number>((resolve) => client.once('close', resolve)) };
}

test('a text frame on an MQTT link closes it with 1003 and is counted [MQTT-6.0.0-1] [MQTT5-6.0.0-1]', async () => {
  const { it, client, closed } = await anEndpoint();
  client.send('hello');
  expect(await closed).toBe(1003);
  expect(it.broker.counters.refusals['protocol-error']).toBe(1);
});

test('a frame larger than the limit closes it with 1009 and is counted', async () => {
  const { it, client, closed } = await anEndpoint();
  client.send(Buffer.alloc(2000));
  expect(await closed).toBe(1009);
  expect(it.broker.counters.refusals['packet-too-large']).toBe(1);
});

test('an empty frame is no packet and does no harm [MQTT-6.0.0-2] [MQTT5-6.0.0-2]', async () => {
  const { client } = await anEndpoint();
  const answer = new Promise<Buffer>((resolve) => client.once('message', (data) => resolve(data as Buffer)));
  client.send(Buffer.alloc(0));
  client.send(Buffer.from('100d00044d51545404020000000161', 'hex'));
  expect((await answer).toString('hex')).toBe('20020000');
});

const MIB = 1024 * 1024;
const kinds: FrameType[] = ['binary', 'text'];
const normally: ClientFrame = { opcode: CLOSE, payload: Buffer.from([3, 0xe8]) };
const frames = (...each: ClientFrame[]) => Buffer.concat(each.map(clientFrame));

describe.each(kinds)('a link of %s frames', (kind) => {
  const opcode = kind === 'binary' ? BINARY : TEXT;
  const message = (payload: string): ClientFrame => ({ opcode, payload });

  /** A handler that only listens. */
  class Listener extends Echo {
    override received(bytes: Buffer): void {
      this.messages.push(Buffer.from(bytes));
    }

    get text(): string {
      return Buffer.concat(this.messages).toString();
    }
  }

  /** As it is handed to the link: binary is framed there. */
  const sent = (payload: Buffer) => (kind === 'binary' ? [payload] : framed(TEXT, [payload]));

  async function aLink(handler = new Listener()) {
    const peer = await WebSocketPeer.connect(kind, handler, MIB);
    return { peer, handler, link: peer.link };
  }

  test('that was ended says so, waits for the answer, and hands over nothing more', async () => {
    const { peer, handler, link } = await aLink();
    link.send(sent(Buffer.from('last words')));
    link.end(4400, 'because');
    link.send(sent(Buffer.from('too late')));
    await vi.waitFor(() => expect(peer.closeCode).toBe(4400));
    expect(peer.frames.map(({ payload }) => payload.toString('utf8', payload.length > 9 ? 0 : 2))).toEqual([
      'last words',
      'because',
    ]);
    peer.write(frames(message('so what'), normally), 5);
    await peer.ended;
    peer.socket.end();
    await vi.waitFor(() => expect(handler.events).toEqual(['closed']));
    expect(handler.messages).toEqual([]);
  });

  test('that was ended finds the answer also in what was held', async () => {
    const { peer, handler, link } = await aLink();
    peer.write(frames(message('one')));
    await vi.waitFor(() => expect(handler.text).toBe('one'));
    link.pause();
    const bytes = frames(message('two'), normally);
    peer.write(bytes.subarray(0, 4));
    await vi.waitFor(() => expect(peer.serverSocket.isPaused()).toBe(true));
    peer.write(bytes.subarray(4));
    link.end();
    await peer.ended;
    expect(handler.text).toBe('one');
  });

  test('that was ended is closed even where the peer stays', async () => {
    const { handler, link } = await aLink();
    link.end();
    await vi.waitFor(() => expect(handler.events).toEqual(['closed: no close frame']), { timeout: 4_000 });
  });

  test('hears a reason of any length in a frame that is legal', async () => {
    const { peer, link } = await aLink();
    link.end(4400, 'ü'.repeat(200));
    await vi.waitFor(() => expect(peer.closeCode).toBe(4400));
    expect(peer.frames[0]?.payload.toString('utf8', 2)).toBe('ü'.repeat(61));
  });

  test('whose peer goes without a close frame is broken', async () => {
    const { peer, handler } = await aLink();
    peer.write(frames(message('x')));
    peer.socket.end();
    await vi.waitFor(() => expect(handler.events).toEqual(['closed: no close frame']));
    expect(handler.text).toBe('x');
  });

  test('tells also while paused that its peer is gone', async () => {
    const { peer, handler, link } = await aLink();
    link.pause();
    peer.socket.resetAndDestroy();
    await vi.waitFor(() => expect(handler.events).toEqual(['closed: read ECONNRESET']));
  });

  test('hands over what came while it was paused, and then what the peer said last', async () => {
    const { peer, handler, link } = await aLink();
    link.pause();
    peer.write(frames(message('while you were away'), normally));
    await vi.waitFor(() => expect(peer.serverSocket.isPaused()).toBe(true));
    expect(handler.messages).toEqual([]);
    link.resume();
    expect(handler.text).toBe('while you were away');
    await peer.ended;
    expect(peer.closeCode).toBe(1000);
  });

  test('gives a handler that pauses again and again everything, in order', async () => {
    const handler = new Listener();
    const { peer, link } = await aLink(handler);
    const numbers = Array.from({ length: 3_000 }, (_, i) => `${i},`);
    Object.assign(handler, {
      received: (bytes: Buffer) => {
        handler.messages.push(Buffer.from(bytes));
        link.pause();
        setImmediate(() => link.resume());
      },
    });
    peer.write(frames(...numbers.map(message), normally));
    await peer.ended;
    expect(handler.text).toBe(numbers.join(''));
    if (kind === 'text') expect(handler.messages).toHaveLength(3_000);
  });

  test('slows a peer down while it is paused, and holds little of what it sends', async () => {
    const { peer, link } = await aLink();
    link.pause();
    const piece = frames(message('x'.repeat(60_000)));
    for (let i = 0; i < 200; i++) peer.write(piece);
    await vi.waitFor(() => expect(peer.serverSocket.isPaused()).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peer.serverSocket.bytesRead).toBeLessThan(MIB / 2);
  });

  test('tells that it is full, and when it has room again', async () => {
    const { peer, handler, link } = await aLink();
    peer.socket.pause();
    let pieces = 0;
    while (link.send(sent(Buffer.alloc(MIB, 'x')))) expect(++pieces).toBeLessThan(64);
    expect(handler.events).toEqual([]);
    peer.socket.resume();
    await vi.waitFor(() => expect(handler.events).toEqual(['drained']));
    await vi.waitFor(() => expect(peer.frames).toHaveLength(pieces + 1));
  });

  test('keeps one pong for a peer that pings and does not read', async () => {
    const { peer, link } = await aLink();
    peer.socket.pause();
    while (link.send(sent(Buffer.alloc(MIB, 'x'))));
    const before = peer.serverSocket.writableLength;
    const pings = Array.from({ length: 1_000 }, (_, i) => ({ opcode: PING, payload: `${i}` }));
    peer.write(frames(...pings, message('read')));
    await vi.waitFor(() => expect((peer.handler as Listener).text).toBe('read'));
    expect(peer.serverSocket.writableLength).toBe(before);
    peer.socket.resume();
    const pongs = () => peer.frames.filter(({ opcode }) => opcode === PONG).map(({ payload }) => payload.toString());
    await vi.waitFor(() => expect(pongs()).toEqual(['999']));
  });
});

test('packets that leave together are one frame, and text is what was framed before', async () => {
  const pieces = ['one', 'two', 'three'].map((text) => Buffer.from(text));
  const binary = await WebSocketPeer.connect('binary');
  binary.link.send(pieces);
  await vi.waitFor(() => expect(binary.frames).toEqual([{ opcode: BINARY, payload: Buffer.concat(pieces) }]));
  const text = await WebSocketPeer.connect('text');
  text.link.send(framed(TEXT, pieces));
  await vi.waitFor(() => expect(text.frames).toEqual(pieces.map((payload) => ({ opcode: TEXT, payload }))));
});
