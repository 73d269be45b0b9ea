import { type Stats, unwatchFile, watchFile } from 'node:fs';
import type { Server as TlsServer } from 'node:tls';
import type { TlsPlan } from '../../config/listener-plan.js';
import { dayOf, loadCertificate, type LoadedCertificate } from './certificate.js';

/** What a keeper is told from outside. */
export interface CertificateKeeperOptions {
  readonly plan: TlsPlan;
  readonly server: TlsServer;
  readonly log: (level: 'log' | 'warn', line: string) => void;
  /** How often the files are looked at. Polled: it sees through links, and no file system does without. */
  readonly pollMs?: number;
  /** How long they must stay as they are: a certificate and its key are not replaced in one step. */
  readonly settleMs?: number;
}

const POLL_MS = 2000;
const SETTLE_MS = 1000;
const SOON_MS = 14 * 86_400_000;

/** Keeps a TLS server's certificate as its files are. New ones that cannot be used change nothing. */
export class CertificateKeeper {
  private readonly files: readonly string[];
  private current: LoadedCertificate;
  private settling: NodeJS.Timeout | null = null;

  constructor(
    private readonly options: CertificateKeeperOptions,
    loaded: LoadedCertificate,
  ) {
    const { cert, key, clientCa } = options.plan;
    this.files = [cert, key, ...(clientCa === null ? [] : [clientCa])];
    this.current = loaded;
  }

  /** Begins to look at the files. */
  start(): void {
    this.warnIfShort();
    const { pollMs: interval = POLL_MS } = this.options;
    for (const file of this.files) watchFile(file, { interval, persistent: false }, this.changed);
  }

  stop(): void {
    for (const file of this.files) unwatchFile(file, this.changed);
    if (this.settling) clearTimeout(this.settling);
  }

  /** Takes the files as they are now, for connections to come; those that are open go on. */
  reload(): void {
    const { plan, server, log } = this.options;
    try {
      const loaded = loadCertificate(plan);
      if (loaded.contents === this.current.contents) return;
      server.setSecureContext(loaded.context);
      this.current = loaded;
      log('log', `The certificate ${plan.cert} was read again; it holds until ${dayOf(loaded.validUntil)}.`);
      this.warnIfShort();
    } catch (error) {
      log('warn', `${(error as Error).message} The one read before stays in use.`);
    }
  }

  private readonly changed = (now: Stats, before: Stats): void => {
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.size === before.size) return;
    if (this.settling) clearTimeout(this.settling);
    this.settling = setTimeout(() => this.reload(), this.options.settleMs ?? SETTLE_MS).unref();
  };

  private warnIfShort(): void {
    const { validUntil } = this.current;
    if (validUntil.getTime() - Date.now() > SOON_MS) return;
    this.options.log('warn', `The certificate ${this.options.plan.cert} expires on ${dayOf(validUntil)}.`);
  }
}
