import { Injectable } from '@nestjs/common';
import type { AuditReport } from './audit.schemas.js';
import { AuditStore } from './audit.store.js';
import { walkChain } from './chain.js';

/** Says whether the log is as it was written. One walk at a time: who asks meanwhile is told its result. */
@Injectable()
export class AuditVerifier {
  private running: Promise<AuditReport> | null = null;

  constructor(private readonly store: AuditStore) {}

  verify(): Promise<AuditReport> {
    this.running ??= this.walk().finally(() => (this.running = null));
    return this.running;
  }

  private async walk(): Promise<AuditReport> {
    const { entries, head, brokenAt } = await this.store.snapshot(async (tx) =>
      walkChain(this.store.links(tx), await this.store.anchor(tx)),
    );
    return { isIntact: brokenAt === null, entries, head: Buffer.from(head).toString('hex'), brokenAt };
  }
}
