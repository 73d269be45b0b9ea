import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, expect, test, vi } from 'vitest';
import { TcpLink } from './links/tcp-link.js';
import type { Limits } from './limits.js';
import { acceptMqtt } from './protocols/mqtt/accept-mqtt.js';
import { SystemClock } from './system-clock.js';
import { newBroker } from './testing/index.js';

const once = (emitter: Server | Socket, event: string) =>
  new Promise<void>((resolve) => emitter.once(event, () => resolve()));

const open: (Server | Socket)[] = [];
afterEach(() => open.splice(0).forEach((one) => ('destroy' in one ? one.destroy() : one.close())));

/** A broker behind a real TCP port. */
async function aBroker(limits: Partial<Limits>) {
  const { broker } = newBroker({ clock: new SystemClock(), limits });
  const server = createServer((socket) =>
    acceptMqtt(broker, new TcpLink(socket, { kind: 'tcp', clock: broker.clock })),
  );
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const enter = async (clientId: string): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    open.push(socket);
    socket.on('error', () => undefined);
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId,
        keepalive: 0,
      }),
    );
    await once(socket, 'data');
    return socket;
  };
  const listen = async (clientId: string): Promise<Socket> => {
    const socket = await enter(clientId);
    const subscriptions = [{ topic: 'a', qos: 0 as const }];
    socket.write(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    await once(socket, 'data');
    return socket;
  };
  return { broker, enter, listen };
}

const PAYLOAD_BYTES = 4096;

/** Publishes as fast as the socket takes it. */
async function publishAll(socket: Socket, count: number): Promise<void> {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 0x78);
  for (let i = 0; i < count; i++) {
    payload.writeUInt32BE(i);
    const packet = { cmd: 'publish', topic: 'a', payload, qos: 0, dup: false, retain: false } as const;
    if (!socket.write(mqttPacket.generate(packet))) await once(socket, 'drain');
  }
}

test('a slow reader slows its publisher down: QoS 0 loses nothing, in order', { timeout: 60_000 }, async () => {
  const { broker, enter, listen } = await aBroker({ outboxBytes: 1024 * 1024 });
  const reader = await listen('slow');
  const numbers: number[] = [];
  const parser = mqttPacket.parser();
  parser.on('packet', (packet) => {
    if (packet.cmd === 'publish') numbers.push((packet.payload as Buffer).readUInt32BE(0));
  });
  // Reads for a moment, then rests for ten: far slower than what is published.
  reader.on('data', (bytes: Buffer) => {
    parser.parse(bytes);
    reader.pause();
    setTimeout(() => reader.resume(), 5);
  });
  const publisher = await enter('fast');
  await publishAll(publisher, 10_000);
  await vi.waitFor(() => expect(numbers).toHaveLength(10_000), { timeout: 50_000, interval: 50 });
  expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(broker.counters.dropped).toBe(0);
});

test('a reader that stops is ended, and its publisher goes on at full speed', { timeout: 60_000 }, async () => {
  const { broker, enter, listen } = await aBroker({ outboxBytes: 1024 * 1024, stalledLinkMs: 4000 });
  const reader = await listen('stopped');
  reader.pause();
  const publisher = await enter('fast');
  await publishAll(publisher, 10_000); // more than the sockets between them hold
  await vi.waitFor(() => expect(broker.counters.messagesReceived).toBe(10_000), { timeout: 20_000 });
  const begun = Date.now();
  await publishAll(publisher, 10_000);
  await vi.waitFor(() => expect(broker.counters.messagesReceived).toBe(20_000), { timeout: 20_000 });
  expect(Date.now() - begun).toBeLessThan(3000);
  await vi.waitFor(() => expect(broker.sessions.get('stopped')).toBeUndefined(), { timeout: 10_000 });
  expect(broker.counters.refusals['quota-exceeded']).toBe(1);
  expect(broker.pressure.bytes).toBe(0);
});
