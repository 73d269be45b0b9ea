import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type ClientFirst, readClientFinal, readClientFirst } from './scram-message.js';
import { hmac, type ScramKeys, sha256 } from './scram-keys.js';

const NONCE_BYTES = 18;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677), without channel binding. Knows neither users
 * nor transports, and goes one way: what comes out of turn is refused.
 *
 *     new --first--> named --challenge--> challenged --final--> over
 */
export class ScramServer {
  private client: ClientFirst | null = null;
  private keys: ScramKeys | null = null;
  private serverFirst = '';
  private nonce = '';

  constructor(private readonly newNonce: () => string = () => randomBytes(NONCE_BYTES).toString('base64')) {}

  /** Reads the client's first message: who it says it is. Null when it is no such message. */
  first(data: Buffer): ClientFirst | null {
    if (this.client) return null;
    this.client = readClientFirst(data);
    return this.client;
  }

  /** The answer to it, for the keys of the user that it named. */
  challenge(keys: ScramKeys): Buffer {
    if (!this.client || this.keys) throw new Error('A challenge is given once, to a client that has said who it is.');
    this.keys = keys;
    this.nonce = this.client.nonce + this.newNonce();
    this.serverFirst = `r=${this.nonce},s=${keys.salt.toString('base64')},i=${keys.iterations}`;
    return Buffer.from(this.serverFirst);
  }

  /** The answer to the client's last message when it proves the password; null when it does not. */
  final(data: Buffer): Buffer | null {
    const { client, keys } = this;
    this.keys = null;
    const last = readClientFinal(data);
    if (!client || !keys || !last || last.nonce !== this.nonce) return null;
    // Nobody between us has changed what the client said of channel binding.
    if (last.channelBinding !== Buffer.from(client.gs2Header).toString('base64')) return null;
    const signed = `${client.bare},${this.serverFirst},${last.withoutProof}`;
    const clientKey = xor(last.proof, hmac(keys.storedKey, signed));
    if (!timingSafeEqual(sha256(clientKey), keys.storedKey)) return null;
    return Buffer.from(`v=${hmac(keys.serverKey, signed).toString('base64')}`);
  }
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}
