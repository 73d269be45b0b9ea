import type { Packet } from 'mqtt-packet';
import type { Refusal } from '../../refusal.js';

/** Which properties a client may put in which packet [MQTT5 2.2.2.2]. */
const allowedProperties: Partial<Record<Packet['cmd'], ReadonlySet<string>>> = {
  connect: new Set([
    'sessionExpiryInterval',
    'receiveMaximum',
    'maximumPacketSize',
    'topicAliasMaximum',
    'requestResponseInformation',
    'requestProblemInformation',
    'userProperties',
    'authenticationMethod',
    'authenticationData',
  ]),
  publish: new Set([
    'payloadFormatIndicator',
    'messageExpiryInterval',
    'topicAlias',
    'responseTopic',
    'correlationData',
    'userProperties',
    'contentType',
  ]),
  subscribe: new Set(['subscriptionIdentifier', 'userProperties']),
  unsubscribe: new Set(['userProperties']),
  puback: new Set(['reasonString', 'userProperties']),
  pubrec: new Set(['reasonString', 'userProperties']),
  pubrel: new Set(['reasonString', 'userProperties']),
  pubcomp: new Set(['reasonString', 'userProperties']),
  disconnect: new Set(['sessionExpiryInterval', 'reasonString', 'userProperties']),
};

const WILL_PROPERTIES: ReadonlySet<string> = new Set([
  'willDelayInterval',
  'payloadFormatIndicator',
  'messageExpiryInterval',
  'contentType',
  'responseTopic',
  'correlationData',
  'userProperties',
]);

/** What a well-formed packet still does wrong, or null. */
export function brokenRule(packet: Packet): Refusal | null {
  if ('properties' in packet) {
    const refusal = propertyFault(packet.properties, allowedProperties[packet.cmd]);
    if (refusal) return refusal;
  }
  switch (packet.cmd) {
    case 'connect':
      return packet.will ? propertyFault(packet.will.properties, WILL_PROPERTIES) : null;
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
    case 'pingreq':
      return (packet.length ?? 0) > 0 ? 'malformed-packet' : null;
    default:
      return null;
  }
}

function packetIdFault(packet: Packet): Refusal | null {
  return packet.messageId !== undefined && packet.messageId > 0 ? null : 'malformed-packet';
}

function propertyFault(properties: object | undefined, allowed: ReadonlySet<string> | undefined): Refusal | null {
  for (const [name, value] of Object.entries(properties ?? {}) as [string, unknown][]) {
    if (!allowed?.has(name)) return 'protocol-error';
    // The codec leaves null for a string that runs out of the packet, and a list for a property given twice.
    if (value === null || value === undefined || value === -1) return 'malformed-packet';
    if (Array.isArray(value)) return 'protocol-error';
  }
  return null;
}
