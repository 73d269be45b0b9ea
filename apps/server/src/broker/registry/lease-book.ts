import { type Clock, KeyCounts } from '@perch/broker';

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
  /** Whose instances are bounded together: its user, or where there is none, its network. */
  readonly countedBy: string;
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
export type LeaseRefusal = 'full' | 'too-many' | 'foreign' | 'unknown';

/** How long an instance is there that nobody renews. */
export const LEASE_MS = 30_000;

/** So many instances there may be, and of one user; 0 of one user is no bound of its own. */
export interface LeaseBounds {
  readonly inAll: number;
  readonly perUser: number;
}

interface Kept extends Lease {
  /** By the clock's `uptime`, which nobody sets. */
  readonly dueAt: number;
}

/** Which instances of which services are there. What is not renewed in time is gone. */
export class LeaseBook {
  registered = 0;
  expired = 0;
  private readonly services = new Map<string, Map<string, Kept>>();
  /** All of them; as every lease is equally long, the one renewed first is due first. */
  private readonly byTime = new Set<Kept>();
  private readonly byUser = new KeyCounts();

  constructor(
    private readonly clock: Pick<Clock, 'now' | 'uptime'>,
    readonly bounds: LeaseBounds,
  ) {}

  /** Instances over all services. */
  get size(): number {
    this.sweep();
    return this.byTime.size;
  }

  /** Registers an instance, or says anew where it is. One of somebody else stays as it is. */
  register(service: string, instance: Instance, registrant: Registrant): LeaseRefusal | null {
    this.sweep();
    const former = this.services.get(service)?.get(instance.instanceId);
    if (former && former.registrant.key !== registrant.key) return 'foreign';
    const refusal = former ? null : this.noRoomFor(registrant);
    if (refusal) return refusal;
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

  private noRoomFor({ countedBy }: Registrant): LeaseRefusal | null {
    const { inAll, perUser } = this.bounds;
    if (perUser > 0 && this.byUser.of(countedBy) >= perUser) return 'too-many';
    return this.byTime.size >= inAll ? 'full' : null;
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
    const former = instances.get(kept.instanceId);
    if (former) this.release(former);
    this.byTime.add(kept);
    this.byUser.add(kept.registrant.countedBy);
    instances.set(kept.instanceId, kept);
  }

  private forget(kept: Kept): void {
    const instances = this.services.get(kept.service);
    this.release(kept);
    instances?.delete(kept.instanceId);
    if (instances?.size === 0) this.services.delete(kept.service);
  }

  private release(kept: Kept): void {
    this.byTime.delete(kept);
    this.byUser.remove(kept.registrant.countedBy);
  }

  private sweep(): void {
    const now = this.clock.uptime();
    for (const kept of this.byTime) {
      if (kept.dueAt > now) return;
      this.forget(kept);
      this.expired++;
    }
  }
}
