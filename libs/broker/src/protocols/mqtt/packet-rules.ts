import type { Packet } from 'mqtt-packet';
import type { Refusal } from '../../refusal.js';

/** What a well-formed packet still does wrong, or null. */
export function brokenRule(packet: Packet): Refusal | null {
  switch (packet.cmd) {
    case 'publish':
      // [MQTT-3.3.1-2] DUP must be 0 where QoS is 0; [MQTT-2.2.1-3] a packet id is never 0
      return packet.qos === 0 ? (packet.dup ? 'malformed-packet' : null) : packetIdFault(packet);
    case 'subscribe':
      return packet.subscriptions.length === 0 ? 'protocol-error' : packetIdFault(packet);
    case 'unsubscribe':
      return packet.unsubscriptions.length === 0 ? 'protocol-error' : packetIdFault(packet);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return packetIdFault(packet);
    default:
      return null;
  }
}

function packetIdFault(packet: Packet): Refusal | null {
  return packet.messageId !== undefined && packet.messageId > 0 ? null : 'malformed-packet';
}
