import { Injectable } from '@nestjs/common';
import { LeaseBook, type ShownLease } from '../../broker/registry/lease-book.js';
import type { RegistryDoc, RegistryLease, RegistryQuery } from './registry.schemas.js';

/** What operators see of the registry. */
@Injectable()
export class RegistryService {
  constructor(private readonly book: LeaseBook) {}

  list({ q = '' }: RegistryQuery): RegistryDoc {
    const needle = q.toLowerCase();
    const fits = ({ service, instanceId, address, registrant }: ShownLease) =>
      [service, instanceId, address, registrant.name].some((text) => text.toLowerCase().includes(needle));
    const items = this.book.list().filter(fits);
    return { items: items.slice(0, MOST_SHOWN).map(shown), matching: items.length, total: this.book.size };
  }
}

const MOST_SHOWN = 1_000;

function shown({
  service,
  instanceId,
  address,
  port,
  registrant,
  since,
  renewedAt,
  leftMs,
}: ShownLease): RegistryLease {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    service,
    instanceId,
    address,
    port,
    registeredBy: registrant.name,
    registeredFrom: registrant.address,
    since: at(since),
    renewedAt: at(renewedAt),
    leftSeconds: Math.ceil(leftMs / 1000),
  };
}
