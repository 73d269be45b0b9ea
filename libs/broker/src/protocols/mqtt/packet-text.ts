const REPLACEMENT = '\ufffd';

/**
 * True when a string of the packet was not well-formed UTF-8 or holds U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2].
 * Decoding turned bad bytes into U+FFFD, so a string with that character must stand in the bytes as it is.
 */
export function hasMalformedText(value: unknown, bytes: Buffer): boolean {
  if (typeof value === 'string') {
    if (value.includes('\0')) return true;
    return value.includes(REPLACEMENT) && !bytes.includes(withLength(value));
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
  for (const [key, inner] of Object.entries(value)) {
    if (hasMalformedText(inner, bytes)) return true;
    if (key.includes(REPLACEMENT) || key.includes('\0')) return true;
  }
  return false;
}

function withLength(text: string): Buffer {
  const encoded = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Math.min(encoded.length, 0xffff));
  return Buffer.concat([length, encoded]);
}
