const HEAD_BYTES = 32;

/** Content that says which message it is, and whose every byte follows from that. */
export function makePayload(key: string, bytes: number): Buffer {
  const payload = Buffer.alloc(Math.max(bytes, HEAD_BYTES), fillOf(key));
  payload.fill(0, 0, HEAD_BYTES);
  payload.writeUInt32BE(payload.length, 0);
  payload.write(key, 4);
  return payload;
}

/** The key of the message, or null when a byte is not as it was sent. */
export function readPayload(payload: Buffer): string | null {
  if (payload.length < HEAD_BYTES) return null;
  const key = payloadKey(payload);
  return makePayload(key, payload.readUInt32BE(0)).equals(payload) ? key : null;
}

/** Which message it claims to be. */
export function payloadKey(payload: Buffer): string {
  return payload.toString('latin1', 4, Math.max(4, payload.indexOf(0, 4)));
}

function fillOf(key: string): string {
  return `<${key}>`;
}
