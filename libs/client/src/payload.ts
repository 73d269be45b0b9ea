import type { PayloadEncoding, WireMessage } from '@perch/wire';

/** How a payload goes out. */
export interface EncodedPayload {
  readonly payload: string;
  readonly encoding?: PayloadEncoding;
}

/** The payload as bytes, whichever way it travelled. */
export function payloadBytes(message: WireMessage): Uint8Array {
  return message.encoding === 'base64' ? bytesOfBase64(message.payload) : new TextEncoder().encode(message.payload);
}

/** The payload as text; bytes that are not UTF-8 become U+FFFD. */
export function payloadText(message: WireMessage): string {
  return message.encoding === 'base64' ? new TextDecoder().decode(bytesOfBase64(message.payload)) : message.payload;
}

/** The payload parsed as JSON. Throws a SyntaxError where it is not. */
export function payloadJson(message: WireMessage): unknown {
  return JSON.parse(payloadText(message));
}

/** Text goes as it is, bytes as base64. */
export function encodePayload(payload: string | Uint8Array): EncodedPayload {
  return typeof payload === 'string' ? { payload } : { payload: base64OfBytes(payload), encoding: 'base64' };
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function base64OfBytes(bytes: Uint8Array): string {
  let characters = '';
  // In pieces: an engine bounds how many arguments one call may have.
  for (let i = 0; i < bytes.length; i += 8192) characters += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(characters);
}
