import { prettyJson } from '../../shared/payload/exact-json.js';
import { base64OfBytes, bestView, bytesOfBase64, lossyTextOf } from '../../shared/payload/payload.js';
import { testClientTexts } from './texts.js';

const { problems } = testClientTexts.publish;

/** How a payload is written in the form, and shown in the log. */
export const payloadFormats = ['json', 'text', 'hex', 'base64'] as const;

export type PayloadFormat = (typeof payloadFormats)[number];

/** Bytes, or what is wrong with the text. */
export type EncodedPayload = { readonly bytes: Uint8Array } | { readonly problem: string };

/** The bytes that a text stands for, or why it stands for none. */
export function encodePayload(text: string, format: PayloadFormat): EncodedPayload {
  switch (format) {
    case 'text':
      return { bytes: new TextEncoder().encode(text) };
    case 'json':
      return encodeJson(text);
    case 'hex':
      return encodeHex(text);
    case 'base64':
      return encodeBase64(text);
  }
}

function encodeJson(text: string): EncodedPayload {
  try {
    JSON.parse(text);
    return { bytes: new TextEncoder().encode(text) };
  } catch (error) {
    return { problem: problems.notJson((error as Error).message) };
  }
}

function encodeHex(text: string): EncodedPayload {
  const digits = text.replaceAll(/[\s:]|0x/gi, '');
  if (/[^\da-f]/i.test(digits)) return { problem: problems.hexDigits };
  if (digits.length % 2 === 1) return { problem: problems.hexPairs };
  return { bytes: Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
}

function encodeBase64(text: string): EncodedPayload {
  try {
    return { bytes: bytesOfBase64(text.replaceAll(/\s/g, '')) };
  } catch {
    return { problem: problems.notBase64 };
  }
}

/** Bytes written in a format; text that is not UTF-8 has U+FFFD where it is broken. */
export function showPayload(bytes: Uint8Array, format: PayloadFormat): string {
  if (format === 'hex') return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (format === 'base64') return base64OfBytes(bytes);
  const text = lossyTextOf(bytes);
  return format === 'json' ? (prettyJson(text) ?? text) : text;
}

/** The format that tells most about these bytes. */
export const bestFormat: (bytes: Uint8Array) => PayloadFormat = bestView;
