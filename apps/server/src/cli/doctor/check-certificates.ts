import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dayOf, loadCertificate } from '../../broker/listeners/certificate.js';
import type { Config } from '../../config/config.schema.js';
import { planListeners, type TlsPlan } from '../../config/listener-plan.js';
import type { Finding } from './finding.js';

const SOON_MS = 30 * 86_400_000;

/** The certificate of each listener that speaks TLS. */
export function checkCertificates(config: Config): Finding[] {
  return planListeners(config).plans.flatMap(({ name, tls }) => (tls ? [check(name, tls, config)] : []));
}

function check(name: string, tls: TlsPlan, { publicHost }: Config): Finding {
  const subject = `certificate of ${name}`;
  try {
    const { validUntil } = loadCertificate(tls);
    const says = `${tls.cert} is valid until ${dayOf(validUntil)}.`;
    if (validUntil.getTime() - Date.now() < SOON_MS)
      return { verdict: 'warning', subject, says, wayOut: 'Renew it soon.' };
    if (publicHost !== undefined && !isFor(tls.cert, publicHost))
      return {
        verdict: 'warning',
        subject,
        says: `${says} It is not for ${publicHost}.`,
        wayOut: 'Clients that check names will not connect: correct publicHost, or get one with that name.',
      };
    return { verdict: 'ok', subject, says };
  } catch (error) {
    return { verdict: 'error', subject, says: (error as Error).message };
  }
}

function isFor(file: string, host: string): boolean {
  const certificate = new X509Certificate(readFileSync(file));
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}
