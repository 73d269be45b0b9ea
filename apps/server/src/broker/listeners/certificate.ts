import { constants, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { fileReason } from '../../config/file-reason.js';
import type { TlsPlan } from '../../config/listener-plan.js';

/** Why a certificate cannot be used: one sentence that names the file. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** A certificate that may be served. */
export interface LoadedCertificate {
  readonly context: SecureContextOptions;
  /** What the files hold, to tell whether they have changed. */
  readonly contents: string;
  readonly validUntil: Date;
}

/** Reads the files of a certificate and checks that they fit together and hold now. Throws `CertificateError`. */
export function loadCertificate({ cert, key, clientCa, clientCertificates }: TlsPlan): LoadedCertificate {
  const chain = read('certificate', cert);
  const leaf = parseCertificate(chain, `The certificate ${cert}`);
  const secret = read('key', key);
  if (!leaf.checkPrivateKey(parseKey(secret, key)))
    throw new CertificateError(`The key ${key} does not belong to the certificate ${cert}.`);
  assertValidNow(leaf, cert);
  const ca = clientCa === null ? undefined : read('authority', clientCa);
  if (ca !== undefined) parseCertificate(ca, `The authority ${clientCa}`);
  // With a ticket a client could come back without its certificate being looked at again.
  const secureOptions = clientCertificates === 'off' ? undefined : constants.SSL_OP_NO_TICKET;
  const context: SecureContextOptions = { cert: chain, key: secret, ca, minVersion: 'TLSv1.2', secureOptions };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new CertificateError(`The certificate ${cert} cannot be used: ${(error as Error).message}.`);
  }
  const contents = `${chain.toString()}${secret.toString()}${ca?.toString() ?? ''}`;
  return { context, contents, validUntil: new Date(leaf.validTo) };
}

function read(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CertificateError(`The ${what} ${path} cannot be read: ${fileReason(error)}.`);
  }
}

function parseCertificate(pem: Buffer, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CertificateError(`${what} is no certificate in PEM.`);
  }
}

function parseKey(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const problem = pem.includes('ENCRYPTED') ? 'has a passphrase: store it without one' : 'is no key in PEM';
    throw new CertificateError(`The key ${path} ${problem}.`);
  }
}

function assertValidNow(leaf: X509Certificate, path: string): void {
  const [from, until] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  const now = Date.now();
  if (until.getTime() <= now) throw new CertificateError(`The certificate ${path} expired on ${dayOf(until)}.`);
  if (from.getTime() > now) throw new CertificateError(`The certificate ${path} is not valid before ${dayOf(from)}.`);
}

/** A day, as people write it in logs. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
