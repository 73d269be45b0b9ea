import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { planListeners } from '../../config/listener-plan.js';
import type { CertificateList, ServerCertificate } from './setting.schemas.js';

/** Reads the certificates that the listeners are to show, as their files are now. */
@Injectable()
export class CertificatesService {
  constructor(@InjectConfig() private readonly config: Config) {}

  async list(): Promise<CertificateList> {
    const byFile = new Map<string, string[]>();
    for (const { name, tls } of planListeners(this.config).plans) {
      if (tls) byFile.set(tls.cert, [...(byFile.get(tls.cert) ?? []), name]);
    }
    const items = [...byFile].map(([file, listeners]) => readCertificate(file, listeners));
    return { items: await Promise.all(items) };
  }
}

async function readCertificate(file: string, listeners: string[]): Promise<ServerCertificate> {
  try {
    const { subject, issuer, subjectAltName, validFrom, validTo } = new X509Certificate(await readFile(file));
    return {
      file,
      listeners,
      subject: oneLine(subject),
      issuer: oneLine(issuer),
      names: subjectAltName?.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')) ?? [],
      validFrom: new Date(validFrom).toISOString(),
      validUntil: new Date(validTo).toISOString(),
      problem: null,
    };
  } catch (error) {
    const problem = `The file cannot be read as a certificate: ${(error as Error).message}`;
    return { file, listeners, subject: null, issuer: null, names: [], validFrom: null, validUntil: null, problem };
  }
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}
