import type { Clock } from '@perch/broker';

/** Where one instance of a service is to be reached. */
export interface Instance {
  readonly instanceId: string;
  readonly address: string;
  readonly port: number;
}

/** Who registers: what it is called, and what makes it the same again. */
export interface Registrant {
  readonly name: string;
  readonly key: string;
  /** Where it comes from, or null. */
  readonly address: string | null;
}

/** An instance that is registered, until its lease ends. Times are in ms since the epoch. */
export interface Lease extends Instance {
  readonly service: string;
  readonly registrant: Registrant;
  readonly since: number;
  readonly renewedAt: number;
}

/** The same, with what is left of its lease in ms. */
export interface ShownLease extends Lease {
  readonly leftMs: number;
}

/** Why an instance could not be registered, renewed or removed. */
export type LeaseRefusal = 'full' | 'foreign' | 'unknown';

/** How long an instance is there that nobody renews. */
export const LEASE_MS = 30_000;

interface Kept extends Lease {
  /** By the clock's `uptime`, which nobody sets. */
  readonly dueAt: number;
}

/** Which instances of which services are there. What is not renewed in time is gone. */
export class LeaseBook {
  registered = 0;
  expired = 0;
  private readonly services = new Map<string, Map<string, Kept>>();
  private count = 0;

  constructor(
    private readonly clock: Pick<Clock, 'now' | 'uptime'>,
    private readonly maximum: number,
  ) {}

  /** Instances over all services. */
  get size(): number {
    this.sweep();
    return this.count;
  }

  /** Registers an instance, or says anew where it is. One of somebody else stays as it is. */
  register(service: string, instance: Instance, registrant: Registrant): LeaseRefusal | null {
    this.sweep();
    const former = this.services.get(service)?.get(instance.instanceId);
    if (former && former.registrant.key !== registrant.key) return 'foreign';
    if (!former && this.count >= this.maximum) return 'full';
    this.keep({ ...instance, service, registrant, since: former?.since ?? this.clock.now(), ...this.term() });
    if (!former) this.registered++;
    return null;
  }

  /** Lets a lease begin anew. */
  renew(service: string, instanceId: string, registrant: Registrant): LeaseRefusal | null {
    const kept = this.own(service, instanceId, registrant);
    if (typeof kept === 'string') return kept;
    this.keep({ ...kept, ...this.term() });
    return null;
  }

  /** Ends a lease. */
  remove(service: string, instanceId: string, registrant: Registrant): LeaseRefusal | null {
    const kept = this.own(service, instanceId, registrant);
    if (typeof kept === 'string') return kept;
    this.forget(kept);
    return null;
  }

  /** The instances of a service, those there longest first. */
  find(service: string): readonly Lease[] {
    this.sweep();
    return [...(this.services.get(service)?.values() ?? [])];
  }

  /** Everything that is registered, by service. */
  list(): readonly ShownLease[] {
    this.sweep();
    const names = [...this.services.keys()].sort();
    const now = this.clock.uptime();
    const all = names.flatMap((name) => [...(this.services.get(name)?.values() ?? [])]);
    return all.map((kept) => ({ ...kept, leftMs: kept.dueAt - now }));
  }

  private own(service: string, instanceId: string, registrant: Registrant): Kept | LeaseRefusal {
    this.sweep();
    const kept = this.services.get(service)?.get(instanceId);
    if (!kept) return 'unknown';
    return kept.registrant.key === registrant.key ? kept : 'foreign';
  }

  private term(): Pick<Kept, 'renewedAt' | 'dueAt'> {
    return { renewedAt: this.clock.now(), dueAt: this.clock.uptime() + LEASE_MS };
  }

  private keep(kept: Kept): void {
    const instances = this.services.get(kept.service) ?? new Map<string, Kept>();
    this.services.set(kept.service, instances);
    if (!instances.has(kept.instanceId)) this.count++;
    instances.set(kept.instanceId, kept);
  }

  private forget({ service, instanceId }: Lease): void {
    const instances = this.services.get(service);
    if (!instances?.delete(instanceId)) return;
    this.count--;
    if (instances.size === 0) this.services.delete(service);
  }

  private sweep(): void {
    const now = this.clock.uptime();
    for (const instances of this.services.values()) {
      for (const kept of instances.values()) {
        if (kept.dueAt > now) continue;
        this.forget(kept);
        this.expired++;
      }
    }
  }
}
