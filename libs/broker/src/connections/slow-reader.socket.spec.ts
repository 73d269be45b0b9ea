import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Broker } from '../broker.js';
import type { Link } from '../link.js';
import { upgradeAnswer } from '../links/web-socket-handshake.js';
import { WebSocketLink } from '../links/web-socket-link.js';
import { acceptFlywheel } from '../protocols/flywheel/flywheel-connection.js';
import { SystemClock } from '../system-clock.js';
import { newBroker } from '../testing/index.js';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

/** A door with real sockets, and clients of it. */
async function aDoor(accept: (broker: Broker, link: Link) => void) {
  const { broker } = newBroker({ clock: new SystemClock(), limits: { outboxBytes: 512 * 1024 } });
  const server = createServer().on('upgrade', (request, socket: Socket) => {
    socket.write(upgradeAnswer(request, null));
    const peer = { address: '127.0.0.1', port: null, isSecure: false, certificateName: null };
    const link = new WebSocketLink(socket, { frames: 'messages', maxMessageBytes: 2 ** 20, clock: broker.clock, peer });
    accept(broker, link);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  const connect = async (hello: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    open.push({ close: () => socket.terminate() });
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(hello);
    await vi.waitFor(() => expect(heard.length).toBe(1), { timeout: 10_000 });
    heard.length = 0;
    return { socket, heard };
  };
  return { broker, connect };
}

const PAYLOAD = 'x'.repeat(32 * 1024);
const MESSAGES = 600;

test(
  'who does not read loses what is sent to it, and others get everything, in order',
  { timeout: 60_000 },
  async () => {
    const { broker, connect } = await aDoor((to, link) => acceptFlywheel(to, link));
    const [slow, quick] = [await connect('B {"subscribe":["a"]}'), await connect('B {"subscribe":["a"]}')];
    const publisher = await connect('B {"sessionId":"publisher"}');
    slow.socket.pause();
    for (let i = 0; i < MESSAGES; i++) {
      publisher.socket.send(`P a ${i} ${PAYLOAD}`);
      // As fast as the quick one reads: what is lost then is not for want of its time.
      if (i % 8 === 7) await vi.waitFor(() => expect(quick.heard.length).toBe(i + 1), { timeout: 20_000, interval: 1 });
    }
    expect(quick.heard.map((frame) => Number.parseInt(frame.slice(4)))).toEqual(
      Array.from({ length: MESSAGES }, (_, i) => i),
    );
    const { dropped } = broker.counters;
    expect(dropped).toBeGreaterThan(0);
    slow.socket.resume();
    await vi.waitFor(() => expect(slow.heard.length).toBe(MESSAGES - dropped), { timeout: 20_000 });
    const numbers = slow.heard.map((frame) => Number.parseInt(frame.slice(4)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(publisher.heard).toEqual([]);
  },
);
