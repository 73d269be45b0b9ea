import { saslPrep } from './saslprep.js';

/** What a client says first. */
export interface ClientFirst {
  /** With the commas that end it; the client has to repeat it. */
  readonly gs2Header: string;
  /** On whose behalf, or null for on its own. */
  readonly authorizationId: string | null;
  readonly username: string;
  readonly nonce: string;
  /** The message without its header: a part of what is signed. */
  readonly bare: string;
}

/** What a client says last. */
export interface ClientFinal {
  readonly channelBinding: string;
  readonly nonce: string;
  readonly proof: Buffer;
  /** The message up to its proof: a part of what is signed. */
  readonly withoutProof: string;
}

/** Far above every honest message; what is compared and hashed has a bound. */
const LARGEST_BYTES = 4096;
const PROOF_BYTES = 32;

const NONCE = '[\\x21-\\x2b\\x2d-\\x7e]+';
const BASE64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?';
// Optional extensions are ignored; m, an extension that must be understood, and attributes that have their place are not.
const EXTENSIONS = '(?:,(?![acimnprsv]=)[A-Za-z]=[^,\\0]+)*';
const CLIENT_FIRST = new RegExp(`^([ny],(?:a=([^,\\0]+))?,)(n=([^,\\0]+),r=(${NONCE})${EXTENSIONS})$`, 'u');
const CLIENT_FINAL = new RegExp(`^(c=(${BASE64}),r=(${NONCE})${EXTENSIONS}),p=(${BASE64})$`, 'u');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the client-first-message (RFC 5802 section 7); null for anything else. Channel binding is not on offer. */
export function readClientFirst(data: Buffer): ClientFirst | null {
  const parts = CLIENT_FIRST.exec(decode(data) ?? '');
  if (!parts) return null;
  const [, gs2Header = '', authorization, bare = '', name = '', nonce = ''] = parts;
  const username = readName(name);
  const authorizationId = authorization === undefined ? null : readName(authorization);
  if (username === null || (authorization !== undefined && authorizationId === null)) return null;
  return { gs2Header, authorizationId, username, nonce, bare };
}

/** Reads the client-final-message (RFC 5802 section 7); null for anything else. */
export function readClientFinal(data: Buffer): ClientFinal | null {
  const parts = CLIENT_FINAL.exec(decode(data) ?? '');
  if (!parts) return null;
  const [, withoutProof = '', channelBinding = '', nonce = '', proofText = ''] = parts;
  const proof = Buffer.from(proofText, 'base64');
  return proof.length === PROOF_BYTES ? { channelBinding, nonce, proof, withoutProof } : null;
}

/** A name with its comma and its equals sign written out (RFC 5802 section 5.1), prepared; null when it is none. */
function readName(text: string): string | null {
  if (/=(?!2C|3D)/.test(text)) return null;
  return saslPrep(text.replaceAll('=2C', ',').replaceAll('=3D', '=')) || null;
}

function decode(data: Buffer): string | null {
  if (data.length > LARGEST_BYTES) return null;
  try {
    return utf8.decode(data);
  } catch {
    return null; // no UTF-8
  }
}
