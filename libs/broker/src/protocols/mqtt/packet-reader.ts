import type { Qos } from '../../message.js';
import type { Refusal } from '../../refusal.js';
import { clientReasonCodes } from './client-reason-codes.js';
import { FieldReader } from './field-reader.js';
import type { MqttVersion } from './packet-codec.js';
import { allowedProperties, readProperties } from './packet-properties.js';
import type {
  AckPacket,
  AuthPacket,
  ClientPacket,
  DisconnectPacket,
  Properties,
  PublishPacket,
  SubscribePacket,
  SubscriptionFields,
  UnsubscribePacket,
} from './packets.js';

const FLAGS = 0x0f;
/** What the flags of a packet have to be, by its type [MQTT-2.2.2-1] [MQTT5-2.1.3-1]. */
const REQUIRED_FLAGS: Record<number, number> = { 4: 0, 5: 0, 6: 2, 7: 0, 8: 2, 10: 2, 12: 0, 14: 0, 15: 0 };
const SUCCESS = 0;

/**
 * Reads a whole packet of a client that is connected, going over every field once; or says what is wrong with it.
 * Generated tests hold it to mqtt-packet.
 */
export function readPacket(bytes: Buffer, version: MqttVersion): ClientPacket | Refusal {
  const header = bytes[0] as number;
  const fields = new FieldReader(bytes, bodyStart(bytes), bytes.length);
  if (version === 5 && isPadded(bytes)) fields.fail('malformed-packet'); // [MQTT5-1.5.5-1]
  const required = REQUIRED_FLAGS[header >> 4];
  // [MQTT-2.2.2-2] In MQTT 3.1 these packets may be marked as sent again [MQTT31-2.1-1].
  if (required !== undefined && version !== 3 && (header & FLAGS) !== required) fields.fail('malformed-packet');
  const packet = read(fields, header, version);
  return fields.refusal ?? (packet as ClientPacket);
}

/** Null only where the fields have a fault. */
function read(fields: FieldReader, header: number, version: MqttVersion): ClientPacket | null {
  const isMqtt5 = version === 5;
  switch (header >> 4) {
    case 3:
      return publish(fields, header, isMqtt5);
    case 4:
      return ack(fields, 'puback', isMqtt5);
    case 5:
      return ack(fields, 'pubrec', isMqtt5);
    case 6:
      return ack(fields, 'pubrel', isMqtt5);
    case 7:
      return ack(fields, 'pubcomp', isMqtt5);
    case 8:
      return subscribe(fields, version);
    case 10:
      return unsubscribe(fields, isMqtt5);
    case 12:
      return { cmd: 'pingreq' };
    case 14:
      return isMqtt5 ? reasoned(fields, 'disconnect') : { cmd: 'disconnect', reasonCode: SUCCESS, properties: {} };
    case 15:
      if (isMqtt5) return reasoned(fields, 'auth');
  }
  fields.fail(header >> 4 === 0 || header >> 4 === 15 ? 'malformed-packet' : 'protocol-error');
  return null;
}

function publish(fields: FieldReader, header: number, isMqtt5: boolean): PublishPacket {
  const qos = (header >> 1) & 3;
  const dup = (header & 8) !== 0;
  // [MQTT-3.3.1-4] both QoS bits; [MQTT-3.3.1-2] [MQTT5-3.3.1-2] sent again, although nothing is acknowledged
  if (qos === 3 || (qos === 0 && dup)) fields.fail('malformed-packet');
  return {
    cmd: 'publish',
    topic: fields.text(),
    qos: qos as Qos,
    dup,
    retain: (header & 1) !== 0,
    messageId: qos > 0 ? fields.packetId() : 0,
    properties: isMqtt5 ? readProperties(fields, allowedProperties.publish) : null,
    payload: fields.rest(),
  };
}

/** A reason code and properties, either of which may be left out at the end [MQTT5 3.4.2.1]. */
function ack(fields: FieldReader, cmd: AckPacket['cmd'], isMqtt5: boolean): AckPacket {
  const messageId = fields.packetId();
  const reasonCode = isMqtt5 && fields.left > 0 ? fields.byte() : SUCCESS;
  if (!clientReasonCodes[cmd].has(reasonCode)) fields.fail('protocol-error');
  if (isMqtt5 && fields.left > 0) readProperties(fields, allowedProperties.acknowledgement);
  return { cmd, messageId, reasonCode };
}

function subscribe(fields: FieldReader, version: MqttVersion): SubscribePacket {
  const messageId = fields.packetId();
  const properties = version === 5 ? readProperties(fields, allowedProperties.subscribe) : {};
  const subscriptions: SubscriptionFields[] = [];
  do subscriptions.push(filterWithOptions(fields, version));
  while (fields.left > 0);
  return { cmd: 'subscribe', messageId, properties, subscriptions };
}

function filterWithOptions(fields: FieldReader, version: MqttVersion): SubscriptionFields {
  if (fields.left === 0) fields.fail('protocol-error'); // [MQTT-3.8.3-3] [MQTT5-3.8.3-2] no filter
  const topic = fields.text();
  const options = fields.byte();
  const qos = options & 3;
  const retainHandling = (options >> 4) & 3;
  // [MQTT-3.8.3-4] [MQTT5-3.8.3-5] reserved bits; a maximum QoS or retain handling of 3 [MQTT5 3.8.3.1]
  if (options & RESERVED_OPTIONS[version]) fields.fail('malformed-packet');
  if (qos === 3 || (version === 5 && retainHandling === 3)) fields.fail('protocol-error');
  const [nl, rap] = [(options & 4) !== 0, (options & 8) !== 0];
  return { topic, qos: qos as Qos, nl, rap, rh: retainHandling as 0 | 1 | 2 };
}

const RESERVED_OPTIONS: Record<MqttVersion, number> = { 3: 0xfc, 4: 0xfc, 5: 0xc0 };

function unsubscribe(fields: FieldReader, isMqtt5: boolean): UnsubscribePacket {
  const messageId = fields.packetId();
  if (isMqtt5) readProperties(fields, allowedProperties.unsubscribe);
  if (fields.left === 0) fields.fail('protocol-error'); // [MQTT-3.10.3-2] [MQTT5-3.10.3-2] no filter
  const unsubscriptions: string[] = [];
  while (fields.left > 0) unsubscriptions.push(fields.text());
  return { cmd: 'unsubscribe', messageId, unsubscriptions };
}

/** DISCONNECT and AUTH: nothing, a reason code, or a reason code and properties [MQTT5 3.14.2.1, 3.15.2.1]. */
function reasoned<C extends 'disconnect' | 'auth'>(
  fields: FieldReader,
  cmd: C,
): C extends 'auth' ? AuthPacket : DisconnectPacket;
function reasoned(fields: FieldReader, cmd: 'disconnect' | 'auth'): AuthPacket | DisconnectPacket {
  const reasonCode = fields.left > 0 ? fields.byte() : SUCCESS;
  if (!clientReasonCodes[cmd].has(reasonCode)) fields.fail('protocol-error');
  const properties: Properties = fields.left > 0 ? readProperties(fields, allowedProperties[cmd]) : {};
  return { cmd, reasonCode, properties };
}

/** Where the body of a whole packet begins. */
export function bodyStart(bytes: Buffer): number {
  let at = 1;
  while ((bytes[at] as number) >= 0x80) at++;
  return at + 1;
}

/** The remaining length takes more bytes than it needs. */
export function isPadded(bytes: Buffer): boolean {
  const start = bodyStart(bytes);
  return start > 2 && bytes[start - 1] === 0;
}
