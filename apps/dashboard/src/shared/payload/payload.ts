/** The raw bytes of a payload that travelled as base64. */
export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** How many bytes a base64 text stands for. */
export function bytesInBase64(text: string): number {
  return (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0);
}

/** Bytes as base64. */
export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: a call with a million arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** The bytes as text, or null where they are not valid UTF-8; of what was cut off, the last character may be missing. */
export function utf8Of(bytes: Uint8Array, isCut = false): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    // Not text: an answer, not a fault.
    return null;
  }
}

/** The bytes as text with each malformed sequence shown as U+FFFD. */
export function lossyTextOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** What a text says as JSON; undefined where it is none. */
export function jsonOf(text: string | null): unknown {
  if (text === null || text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: an answer, not a fault.
    return undefined;
  }
}

/** One line of a hex dump: sixteen bytes. */
export interface HexRow {
  readonly offset: string;
  readonly hex: string;
  readonly ascii: string;
}

const ROW_BYTES = 16;

/** How many lines a hex dump of so many bytes has. */
export function hexRowCount(byteLength: number): number {
  return Math.ceil(byteLength / ROW_BYTES);
}

/** One line of the hex dump. */
export function hexRow(bytes: Uint8Array, row: number): HexRow {
  const part = [...bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES)];
  const pairs = part.map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    offset: (row * ROW_BYTES).toString(16).padStart(8, '0'),
    hex: `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.padEnd(48),
    ascii: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
  };
}

/** How a payload can be looked at. */
export type PayloadView = 'json' | 'text' | 'hex' | 'base64';

/** The view that tells most about the payload. */
export function bestView(bytes: Uint8Array): PayloadView {
  const text = utf8Of(bytes);
  if (text === null) return 'hex';
  const json = jsonOf(text);
  return typeof json === 'object' && json !== null ? 'json' : 'text';
}
