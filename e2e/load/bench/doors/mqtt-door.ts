import mqttPacket, { type Packet } from 'mqtt-packet';
import { answer, type Door } from './door.js';

/** MQTT 3.1.1 over WebSocket. */
export const mqttDoor: Door = {
  subprotocols: ['mqtt'],
  path: () => '/mqtt',
  async enter(socket, { username, password }, { role, room, clientId }) {
    const connect = { protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0, clientId } as const;
    const login = username === null ? {} : { username, password: Buffer.from(password ?? '') };
    socket.send(mqttPacket.generate({ cmd: 'connect', ...connect, ...login }));
    await answer(socket, (data) => packetsIn(data).find(({ cmd }) => cmd === 'connack') ?? null);
    if (role === 'publisher') return;
    const subscriptions = [{ topic: topicOf(room), qos: 0 as const }];
    socket.send(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    await answer(socket, (data) => packetsIn(data).find(({ cmd }) => cmd === 'suback') ?? null);
  },
  publication: (room, payload) =>
    mqttPacket.generate({ cmd: 'publish', topic: topicOf(room), payload, qos: 0, retain: false, dup: false }),
  payloads: (data) =>
    packetsIn(data).flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : [])),
};

const topicOf = (room: string) => `bench/${room}`;

/** Every message is whole packets, as these are small. */
function packetsIn(data: Buffer): Packet[] {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => packets.push(packet));
  parser.parse(data);
  return packets;
}
