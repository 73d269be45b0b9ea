import type { Qos } from '../../message.js';
import type { Refusal } from '../../refusal.js';
import { FieldReader } from './field-reader.js';
import type { MqttVersion } from './packet-codec.js';
import { allowedProperties, readProperties } from './packet-properties.js';
import { bodyStart, isPadded } from './packet-reader.js';
import type { ConnectPacket, WillFields } from './packets.js';

const BRIDGE_BIT = 0x80;
const RESERVED_FLAG = 0x01;
const CLEAN_FLAG = 0x02;
const WILL_FLAG = 0x04;
const WILL_RETAIN_FLAG = 0x20;
const OF_A_WILL = WILL_RETAIN_FLAG | 0x18;
const PASSWORD_FLAG = 0x40;
const USERNAME_FLAG = 0x80;
const HEADER = 0x10;

/** A CONNECT that could be read; or why not, and the version that the client understands the answer in, if any. */
export type ConnectResult =
  | { readonly packet: ConnectPacket; readonly version: MqttVersion; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly version: MqttVersion | null };

/** Reads the first packet of a connection, whole. */
export function readConnectPacket(bytes: Buffer): ConnectResult {
  const fields = new FieldReader(bytes, bodyStart(bytes), bytes.length);
  const name = fields.binary().toString('latin1');
  const level = fields.byte();
  if (fields.left === 0) return { refusal: 'malformed-packet', version: null };
  const version = versionOf(name, level);
  if (version === null) return { refusal: 'unsupported-protocol-version', version: answerVersion(name, level) };
  if (bytes[0] !== HEADER) fields.fail('malformed-packet'); // [MQTT-2.2.2-2] [MQTT5-2.1.3-1]
  if (version === 5 && isPadded(bytes)) fields.fail('malformed-packet'); // [MQTT5-1.5.5-1]
  const packet = connect(fields, version, level >= BRIDGE_BIT);
  return fields.refusal ? { refusal: fields.refusal, version } : { packet, version };
}

/** [MQTT-3.1.2-1] [MQTT5-3.1.2-1] the name has to be right. Bridges of version 3 mark themselves, as Mosquitto's do. */
function versionOf(name: string, level: number): MqttVersion | null {
  if (name === 'MQIsdp') return (level & ~BRIDGE_BIT) === 3 ? 3 : null;
  if (name !== 'MQTT') return null;
  return level === 5 ? 5 : (level & ~BRIDGE_BIT) === 4 ? 4 : null;
}

/** Whoever does not speak MQTT gets no answer. Newer versions are told in MQTT 5 [MQTT5-3.1.2-2], others in 3.1.1 [MQTT-3.1.2-2]. */
function answerVersion(name: string, level: number): MqttVersion | null {
  if (name === 'MQTT') return (level & ~BRIDGE_BIT) >= 5 ? 5 : 4;
  return name === 'MQIsdp' ? 4 : null;
}

function connect(fields: FieldReader, version: MqttVersion, isBridge: boolean): ConnectPacket {
  const flags = fields.byte();
  if (hasWrongFlags(flags, version)) fields.fail('malformed-packet');
  const keepalive = fields.uint16();
  const properties = version === 5 ? readProperties(fields, allowedProperties.connect) : {};
  // Authentication data needs a method [MQTT5 3.1.2.11.10].
  if (properties.authenticationData && properties.authenticationMethod === undefined) fields.fail('protocol-error');
  return {
    cmd: 'connect',
    protocolVersion: version,
    isBridge,
    clean: (flags & CLEAN_FLAG) !== 0,
    keepalive,
    properties,
    clientId: fields.text(),
    will: flags & WILL_FLAG ? will(fields, flags, version) : null,
    username: hasCredential(fields, flags & USERNAME_FLAG, version) ? fields.text() : null,
    password: hasCredential(fields, flags & PASSWORD_FLAG, version) ? fields.binary() : null,
  };
}

function hasWrongFlags(flags: number, version: MqttVersion): boolean {
  const willQos = (flags >> 3) & 3;
  if ((flags & WILL_FLAG) !== 0 && willQos === 3) return true; // [MQTT-3.1.2-14] [MQTT5-3.1.2-12]
  // [MQTT-3.1.2-22] a password belongs to a user, until MQTT 5 allows it alone [MQTT5 3.1.2.9]
  if (version !== 5 && (flags & PASSWORD_FLAG) !== 0 && (flags & USERNAME_FLAG) === 0) return true;
  if (version === 3) return false; // what is not used there says nothing
  if ((flags & RESERVED_FLAG) !== 0) return true; // [MQTT-3.1.2-3] [MQTT5-3.1.2-3]
  // [MQTT-3.1.2-11] [MQTT5-3.1.2-11] [MQTT5-3.1.2-13] no will, but what it should be like
  return (flags & WILL_FLAG) === 0 && (flags & OF_A_WILL) !== 0;
}

function will(fields: FieldReader, flags: number, version: MqttVersion): WillFields {
  return {
    properties: version === 5 ? readProperties(fields, allowedProperties.will) : {},
    topic: fields.text(),
    payload: fields.binary(),
    qos: ((flags >> 3) & 3) as Qos,
    retain: (flags & WILL_RETAIN_FLAG) !== 0,
  };
}

/** In MQTT 3.1 the end of the packet comes before what its flags promise [MQTT31-3.1-3]. */
function hasCredential(fields: FieldReader, flag: number, version: MqttVersion): boolean {
  return flag !== 0 && (version !== 3 || fields.left > 0);
}
