import type { Limits } from '../../limits.js';
import { lengthBytes, writeLength } from './fast-packets.js';
import type { MqttVersion } from './packet-codec.js';

const CODES_HEADER = { suback: 0x90, unsuback: 0xb0 } as const;

const CONNACK_BYTES = 16;
const CONNACK_HEADER = 0x20;
const SESSION_PRESENT = 0x01;
const RECEIVE_MAXIMUM = 0x21;
const TOPIC_ALIAS_MAXIMUM = 0x22;
const MAXIMUM_PACKET_SIZE = 0x27;

/** The codes of a SUBACK or UNSUBACK, and of which packet. */
export interface Codes {
  readonly packetId: number;
  /** One for each filter; none in an UNSUBACK of MQTT 3, which knows no codes [MQTT 3.11.3]. */
  readonly codes: readonly number[];
}

/** Writes a SUBACK or UNSUBACK that explains nothing. Generated tests hold it to mqtt-packet. */
export function writeCodes(
  command: keyof typeof CODES_HEADER,
  { packetId, codes }: Codes,
  version: MqttVersion,
): Buffer {
  const isMqtt5 = version === 5;
  const body = 2 + (isMqtt5 ? 1 : 0) + codes.length;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes(body) + body);
  bytes[0] = CODES_HEADER[command];
  let at = bytes.writeUInt16BE(packetId, writeLength(bytes, body, 1));
  if (isMqtt5) bytes[at++] = 0; // no properties
  bytes.set(codes, at);
  return bytes;
}

/** Writes the CONNACK that lets an MQTT 5 client in and tells it the bounds alone. Held to mqtt-packet as well. */
export function writeUsualConnack(
  { receiveMaximum, packetBytes, topicAliasMaximum }: Limits,
  isPresent: boolean,
): Buffer {
  const bytes = Buffer.allocUnsafe(CONNACK_BYTES);
  bytes[0] = CONNACK_HEADER;
  bytes[1] = CONNACK_BYTES - 2;
  bytes[2] = isPresent ? SESSION_PRESENT : 0;
  bytes[3] = 0; // success
  bytes[4] = CONNACK_BYTES - 5; // of properties
  bytes[5] = RECEIVE_MAXIMUM;
  bytes.writeUInt16BE(receiveMaximum, 6);
  bytes[8] = MAXIMUM_PACKET_SIZE;
  bytes.writeUInt32BE(packetBytes, 9);
  bytes[13] = TOPIC_ALIAS_MAXIMUM;
  bytes.writeUInt16BE(topicAliasMaximum, 14);
  return bytes;
}
