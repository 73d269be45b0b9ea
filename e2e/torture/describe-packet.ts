import type { Packet } from 'mqtt-packet';

/** One packet in a few words. */
export function describePacket(packet: Packet, key: string | null): string {
  return [packet.cmd.toUpperCase(), ...details(packet), ...(key === null ? [] : [key])].join(' ');
}

function details(packet: Packet): string[] {
  const id = packet.messageId === undefined ? [] : [`id=${packet.messageId}`];
  switch (packet.cmd) {
    case 'publish':
      return [...id, `q${packet.qos}`, ...(packet.dup ? ['dup'] : []), `${packet.payload.length}B`, packet.topic];
    case 'connect':
      return [packet.clean ? 'clean' : 'resume'];
    case 'connack':
      return [packet.sessionPresent ? 'present' : 'new', `code=${packet.reasonCode ?? packet.returnCode ?? 0}`];
    case 'subscribe':
      return [...id, ...packet.subscriptions.map(({ topic, qos }) => `${topic}:q${qos}`)];
    case 'unsubscribe':
      return [...id, ...packet.unsubscriptions];
    case 'suback':
    case 'unsuback':
      return [...id, `codes=${((packet.granted ?? []) as number[]).join(',')}`];
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
      return [...id, ...(packet.reasonCode ? [`code=${packet.reasonCode}`] : [])];
    default:
      return id;
  }
}
