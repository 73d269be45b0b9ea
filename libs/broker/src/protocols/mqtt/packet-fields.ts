import type { Refusal } from '../../refusal.js';
import { readConnectPacket } from './connect-reader.js';
import type { MqttVersion } from './packet-codec.js';
import { readPacket } from './packet-reader.js';

/** What is wrong with the fields of a whole packet, or null. */
export function fieldFault(bytes: Buffer, version: MqttVersion): Refusal | null {
  if ((bytes[0] as number) >> 4 === 1) return readConnectPacket(bytes).refusal ?? null;
  const packet = readPacket(bytes, version);
  return typeof packet === 'string' ? packet : null;
}
