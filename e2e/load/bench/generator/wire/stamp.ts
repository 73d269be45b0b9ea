/** The first bytes of each payload: when it was due, who sent it, its number in its stream, whom it is for. */
export const STAMP_BYTES = 16;

/** In place of a receiver: for everybody who gets it. */
export const ANYBODY = 0xffffffff;

/** Writes a little-endian 32-bit number; faster than a call of Buffer. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function getUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
