import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { afterEach, expect, test, vi } from 'vitest';
import { TcpLink } from '../links/tcp-link.js';
import { acceptMqtt } from '../protocols/mqtt/accept-mqtt.js';
import { SystemClock } from '../system-clock.js';
import { aPolicy, newBroker } from '../testing/index.js';

const open: (Server | Socket)[] = [];
afterEach(() => open.splice(0).forEach((one) => ('destroy' in one ? one.destroy() : one.close())));

/** A broker behind a real TCP port, and clients on real sockets. */
async function aBroker() {
  const { broker, faults } = newBroker({ clock: new SystemClock() });
  const server = createServer((socket) =>
    acceptMqtt(broker, new TcpLink(socket, { kind: 'tcp', clock: broker.clock })),
  );
  open.push(server.listen(0, '127.0.0.1'));
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { broker, faults, enter: (clientId: string) => aClient(port, clientId) };
}

/** An MQTT 5 client that subscribes with QoS 1 and acknowledges nothing unless told to. */
async function aClient(port: number, clientId: string) {
  const socket = connect(port, '127.0.0.1');
  open.push(socket);
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 5 });
  parser.on('packet', (packet) => packets.push(packet));
  socket.on('data', (bytes) => parser.parse(bytes));
  const send = (packet: Packet) => socket.write(mqttPacket.generate(packet, { protocolVersion: 5 }));
  const came = (count: number, cmd: Packet['cmd']) =>
    vi.waitFor(() => expect(packets.filter((packet) => packet.cmd === cmd)).toHaveLength(count));
  send({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, clientId, keepalive: 0 },
    properties: { receiveMaximum: 2 },
  });
  await came(1, 'connack');
  const subscribe = async (filter: string) => {
    send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] });
    await came(1, 'suback');
  };
  const payloads = () => packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : []));
  return { socket, packets, send, came, subscribe, payloads };
}

test('a save closes those who lost something, and a bystander keeps connection, subscription, queue and what is in flight', async () => {
  const { broker, faults, enter } = await aBroker();
  const [loser, bystander, sender] = await Promise.all([enter('loser'), enter('bystander'), enter('sender')]);
  await Promise.all([loser.subscribe('secret/1'), bystander.subscribe('open/+')]);
  for (let i = 1; i <= 5; i++) {
    sender.send({ cmd: 'publish', topic: 'open/1', payload: `${i}`, qos: 1, messageId: i, dup: false, retain: false });
  }
  await sender.came(5, 'puback');
  await bystander.came(2, 'publish');
  const session = broker.sessions.get('bystander');
  const before = { subscriptions: [...(session?.subscriptions.values() ?? [])], queued: session?.queuedCount };
  const losses = broker.setPolicy(aPolicy({ effect: 'deny', topics: ['secret/#'] }, {}), { disconnect: true });
  expect(losses.map(({ clientId }) => clientId)).toEqual(['loser']);
  expect(broker.sessions.get('loser')).toBeUndefined();
  expect({ subscriptions: [...(session?.subscriptions.values() ?? [])], queued: session?.queuedCount }).toEqual(before);
  expect(session?.queuedCount).toBe(3);
  await loser.came(1, 'disconnect');
  expect(loser.packets.at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x87 });
  for (let i = 1; i <= 5; i++) {
    await bystander.came(Math.min(5, i + 1), 'publish');
    bystander.send({ cmd: 'puback', messageId: i });
  }
  expect(bystander.payloads()).toEqual(['1', '2', '3', '4', '5']);
  expect(bystander.socket.destroyed).toBe(false);
  expect(faults).toEqual([]);
});
