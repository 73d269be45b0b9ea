import type { Target } from '../job.js';

/** The packets that are sent once in a while; what is sent per message is in `publish-template.ts`. */
export const DISCONNECT_PACKET = Buffer.from([0xe0, 0]);

const SESSION_EXPIRY_INTERVAL = 0x11;
const CLEAN_START = 0x02;
const USERNAME = 0x80;
const PASSWORD = 0x40;

/** CONNECT; a session that is kept is kept for a day. */
export function connectPacket(target: Target, clientId: string, isDurable: boolean): Buffer {
  const { version, username, password } = target;
  const flags = (isDurable ? 0 : CLEAN_START) | (username === null ? 0 : USERNAME) | (password === null ? 0 : PASSWORD);
  const expiry = Buffer.from([5, SESSION_EXPIRY_INTERVAL, 0, 1, 0x51, 0x80]);
  return packet(0x10, [
    text('MQTT'),
    Buffer.from([version, flags, 0, 0]),
    version === 5 ? (isDurable ? expiry : Buffer.from([0])) : Buffer.alloc(0),
    text(clientId),
    username === null ? Buffer.alloc(0) : text(username),
    password === null ? Buffer.alloc(0) : text(password),
  ]);
}

/** SUBSCRIBE to all of the filters. */
export function subscribePacket(version: 4 | 5, packetId: number, want: { filters: string[]; qos: number }): Buffer {
  const entries = want.filters.flatMap((filter) => [text(filter), Buffer.from([want.qos])]);
  return packet(0x82, [uint16(packetId), Buffer.alloc(version === 5 ? 1 : 0), ...entries]);
}

/** One packet: first byte, remaining length, body. */
export function packet(first: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first]), variableByteInteger(body.length), body]);
}

/** A UTF-8 string with its length before it. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

export function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export function variableByteInteger(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
