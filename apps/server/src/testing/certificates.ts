import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its key, as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** How a certificate of a test is to be. */
export interface CertificateWishes {
  /** The subject's CN; left out, the subject has none. */
  readonly name?: string;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** Who signs; left out, a new authority does. */
  readonly authority?: TestAuthority;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
const DAY_MS = 86_400_000;

/** Signs certificates for tests. */
export class TestAuthority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly certificate: x509.X509Certificate,
  ) {}

  static async create(name = 'Perch test authority'): Promise<TestAuthority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      serialNumber: newSerialNumber(),
      ...validity({}),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new TestAuthority(keys, certificate);
  }

  /** The authority's own certificate, as PEM. */
  get pem(): string {
    return this.certificate.toString('pem');
  }

  /** A certificate for localhost and for clients alike. */
  async issue({ name, validFrom, validUntil }: Omit<CertificateWishes, 'authority'> = {}): Promise<KeyPair> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: name === undefined ? 'O=Perch' : [{ O: ['Perch'] }, { CN: [name] }],
      issuer: this.certificate.subject,
      serialNumber: newSerialNumber(),
      ...validity({ validFrom, validUntil }),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    });
    return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
  }
}

/** A certificate about nothing in particular. */
export async function aKeyPair({ authority, ...wishes }: CertificateWishes = {}): Promise<KeyPair> {
  return (authority ?? (await TestAuthority.create())).issue(wishes);
}

function validity({ validFrom, validUntil }: Pick<CertificateWishes, 'validFrom' | 'validUntil'>) {
  const now = Date.now();
  return {
    notBefore: validFrom ?? new Date(now - DAY_MS),
    notAfter: validUntil ?? new Date(now + 365 * DAY_MS),
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** Two certificates of one authority must not share theirs. */
function newSerialNumber(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)))
    .toString('hex')
    .replace(/^[89a-f]/, '1');
}
