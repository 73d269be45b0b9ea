const RECEIVE_MAXIMUM = 0x21;

/** Sizes of the CONNACK properties with a fixed size, by identifier; those left out are strings. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  0x11: 4,
  0x13: 2,
  0x21: 2,
  0x22: 2,
  0x24: 1,
  0x25: 1,
  0x27: 4,
  0x28: 1,
  0x29: 1,
  0x2a: 1,
};
const USER_PROPERTY = 0x26;

/** Where the properties that begin at `at` end. */
export function skipProperties(bytes: Uint8Array, at: number): number {
  let length = 0;
  let index = at;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[index++]!;
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  return index + length;
}

/** What a publisher has to know of an MQTT 5 CONNACK. */
export function readConnack(bytes: Uint8Array, from: number, to: number): { receiveMaximum: number } {
  const end = Math.min(to, skipProperties(bytes, from + 2));
  let at = from + 3 + (bytes[from + 2]! > 127 ? 1 : 0);
  while (at < end) {
    const id = bytes[at++]!;
    if (id === RECEIVE_MAXIMUM) return { receiveMaximum: (bytes[at]! << 8) | bytes[at + 1]! };
    at = FIXED_BYTES[id] ? at + FIXED_BYTES[id] : skipString(bytes, at);
    if (id === USER_PROPERTY) at = skipString(bytes, at);
  }
  return { receiveMaximum: 65_535 };
}

function skipString(bytes: Uint8Array, at: number): number {
  return at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
}
