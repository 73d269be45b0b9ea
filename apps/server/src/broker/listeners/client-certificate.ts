import type { TLSSocket } from 'node:tls';
import type { TlsPlan } from '../../config/listener-plan.js';

/** What a client's certificate comes to. */
export type CertificateVerdict =
  { readonly admitted: true; readonly name: string | null } | { readonly admitted: false; readonly reason: string };

/** Judges the certificate of a client after the handshake. One that does not hold is worse than none. */
export function judgeCertificate(socket: TLSSocket, mode: TlsPlan['clientCertificates']): CertificateVerdict {
  if (mode === 'off') return { admitted: true, name: null };
  const { subject } = socket.getPeerCertificate() as { readonly subject?: { readonly CN?: string | string[] } };
  if (subject === undefined)
    return mode === 'optional' ? { admitted: true, name: null } : { admitted: false, reason: 'there is none' };
  if (!socket.authorized) return { admitted: false, reason: String(socket.authorizationError) };
  // Of several names none is the one.
  return { admitted: true, name: typeof subject.CN === 'string' && subject.CN !== '' ? subject.CN : null };
}
