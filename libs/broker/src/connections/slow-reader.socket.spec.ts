import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { upgradeAnswer } from '../links/web-socket-handshake.js';
import { WebSocketLink } from '../links/web-socket-link.js';
import { acceptFlock } from '../protocols/flock/flock-connection.js';
import { acceptFlywheel } from '../protocols/flywheel/flywheel-connection.js';
import { acceptJson } from '../protocols/json/json-connection.js';
import { SystemClock } from '../system-clock.js';
import { newBroker } from '../testing/index.js';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

/** Each door with what to say there to be sent `a`, in how many messages that is answered, and what messages come in. */
const doors = {
  FLYWHEEL: { accept: acceptFlywheel, frames: 'messages', hello: ['B {"subscribe":["a"]}'], answers: 1 },
  FLOCK: { accept: acceptFlock, frames: 'messages', hello: ['{"type":"Subscribe","topic":"a"}'], answers: 1 },
  'PERCH JSON': {
    accept: acceptJson,
    frames: 'text',
    hello: ['{"type":"bind","id":1}', '{"type":"subscribe","id":2,"filters":["a"]}'],
    answers: 3,
  },
} as const;
type Door = keyof typeof doors;

/** All doors with real sockets, and clients of them. */
async function aHouse() {
  const { broker } = newBroker({ clock: new SystemClock(), limits: { outboxBytes: 512 * 1024 } });
  const server = createServer().on('upgrade', (request, socket: Socket) => {
    socket.write(upgradeAnswer(request, null));
    const { accept, frames } = doors[decodeURIComponent(request.url ?? '').slice(1) as Door];
    const peer = { address: '127.0.0.1', port: null, isSecure: false, certificateName: null };
    accept(broker, new WebSocketLink(socket, { frames, maxMessageBytes: 2 ** 20, clock: broker.clock, peer }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  const connect = async (door: Door, hello: readonly string[] = doors[door].hello, answers = doors[door].answers) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${encodeURIComponent(door)}`);
    open.push({ close: () => socket.terminate() });
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    for (const frame of hello) socket.send(frame);
    await vi.waitFor(() => expect(heard.length).toBe(answers), { timeout: 10_000 });
    heard.length = 0;
    return { socket, heard };
  };
  return { broker, connect };
}

/** The numbers of messages, whichever way they are written, and however many in one frame. */
const numbersIn = (frames: readonly string[]) =>
  frames.flatMap((frame) => [...frame.matchAll(/no(\d+)\./g)].map(([, no]) => Number(no)));

const PAYLOAD = 'x'.repeat(32 * 1024);
const MESSAGES = 600;

test.each(Object.keys(doors) as Door[])(
  'who does not read at the door of %s loses what is sent to it, and others get everything, in order',
  { timeout: 60_000 },
  async (door) => {
    const { broker, connect } = await aHouse();
    const [slow, quick] = [await connect(door), await connect(door)];
    const publisher = await connect('FLYWHEEL', ['B {"sessionId":"publisher"}'], 1);
    slow.socket.pause();
    for (let i = 0; i < MESSAGES; i++) {
      publisher.socket.send(`P a no${i}. ${PAYLOAD}`);
      // As fast as the quick one reads: what is lost then is not for want of its time.
      if (i % 8 === 7)
        await vi.waitFor(() => expect(numbersIn(quick.heard.slice(-1)).at(-1)).toBe(i), {
          timeout: 20_000,
          interval: 1,
        });
    }
    expect(numbersIn(quick.heard)).toEqual(Array.from({ length: MESSAGES }, (_, i) => i));
    const { dropped } = broker.counters;
    expect(dropped).toBeGreaterThan(0);
    slow.socket.resume();
    await vi.waitFor(() => expect(numbersIn(slow.heard).length).toBe(MESSAGES - dropped), { timeout: 20_000 });
    const numbers = numbersIn(slow.heard);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(publisher.heard).toEqual([]);
  },
);
