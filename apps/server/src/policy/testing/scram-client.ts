import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** The client's side of SCRAM-SHA-256, written from RFC 5802 by itself: nothing is shared with what it tests. */
export class ScramClient {
  private expected = '';

  constructor(
    private readonly username: string,
    private readonly password: string,
    private readonly nonce = randomBytes(12).toString('base64'),
  ) {}

  first(): Buffer {
    return Buffer.from(`n,,${this.bare}`);
  }

  /** The answer to the server's challenge. */
  final(challenge: Buffer): Buffer {
    const [, nonce = '', salt = '', iterations = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge.toString()) ?? [];
    if (!nonce.startsWith(this.nonce) || nonce === this.nonce) throw new Error('The server changed the nonce.');
    const salted = pbkdf2Sync(this.password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${nonce}`;
    const signed = `${this.bare},${challenge.toString()},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
    this.expected = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
  }

  /** Whether the server has proven that it knows the password, too. */
  trusts(serverFinal: Buffer): boolean {
    return this.expected !== '' && serverFinal.toString() === this.expected;
  }

  private get bare(): string {
    return `n=${this.username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${this.nonce}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
