import type { Refusal } from '../../refusal.js';
import { writePacket, type MqttVersion } from './packet-codec.js';
import { connackCode, disconnectCode, returnCode } from './reason-codes.js';

/** The CONNACK that tells a client why it is not let in, or null where its version has no word for it. */
export function refusedConnack(refusal: Refusal, version: MqttVersion): Buffer | null {
  if (version === 5) return writePacket({ cmd: 'connack', sessionPresent: false, reasonCode: connackCode(refusal) }, 5);
  const code = returnCode[refusal];
  return code === null ? null : writePacket({ cmd: 'connack', sessionPresent: false, returnCode: code }, 4);
}

/** The DISCONNECT that tells a client why, or null where its version has none. */
export function disconnection(refusal: Refusal, version: MqttVersion): Buffer | null {
  return version === 5 ? writePacket({ cmd: 'disconnect', reasonCode: disconnectCode(refusal) }, 5) : null;
}
