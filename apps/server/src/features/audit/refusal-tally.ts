import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { networkOf } from '@perch/policy';
import type { Actor } from '../../http/actor.js';
import { AuditService, type Deed } from './audit.service.js';

const LOOK_EVERY_MS = 60_000;
/** For so long refusals of one kind are counted in one entry. */
const WINDOW_MS = 600_000;
/** Kinds that are told apart in that time: of one source, and of all. */
const MOST_OF_A_SOURCE = 20;
const MOST_IN_ALL = 200;

/** Refusals of one kind since the first, which is in the log. */
interface Counted {
  readonly actor: Actor;
  readonly deed: Deed;
  readonly since: number;
  more: number;
  lastAt: number;
}

/**
 * Writes down refusals that anybody may cause as often as they like. The first of its kind is in the log at once; those
 * that follow within ten minutes are one entry at their end. However many come, the log grows by 400 in that time.
 */
@Injectable()
export class RefusalTally implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('audit');
  private counted = new Map<string, Counted>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly audit: AuditService) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.flush(Date.now() - WINDOW_MS).catch((error: unknown) => this.log.error(String(error)));
    }, LOOK_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush(Date.now()).catch((error: unknown) => this.log.error(String(error)));
  }

  async take(actor: Actor, deed: Deed): Promise<void> {
    const source = actor.name || networkOf(actor.address);
    const { key, kind } = this.kindOf(source, deed);
    const now = Date.now();
    const known = this.counted.get(key);
    if (known) {
      known.more++;
      known.lastAt = now;
      return;
    }
    this.counted.set(key, { actor, deed: kind, since: now, more: 0, lastAt: now });
    await this.audit.refused(actor, kind);
  }

  /** Writes what was counted of kinds that began before this, in ms since the epoch. */
  async flush(before: number): Promise<void> {
    const due = [...this.counted].filter(([, { since }]) => since <= before);
    for (const [key, { actor, deed, since, more, lastAt }] of due) {
      this.counted.delete(key);
      if (more === 0) continue;
      const after = { more, since: new Date(since).toISOString(), until: new Date(lastAt).toISOString() };
      await this.audit.refused(actor, { ...deed, after });
    }
  }

  /** Beyond the bounds kinds are not told apart any more: first of who causes many, then of all. */
  private kindOf(source: string, deed: Deed): { readonly key: string; readonly kind: Deed } {
    const key = JSON.stringify([source, deed.action, deed.object, deed.reason]);
    if (this.counted.has(key)) return { key, kind: deed };
    const isFull = this.counted.size >= MOST_IN_ALL;
    const prefix = JSON.stringify([source]).slice(0, -1);
    const own = isFull ? 0 : [...this.counted.keys()].filter((known) => known.startsWith(`${prefix},`)).length;
    if (!isFull && own < MOST_OF_A_SOURCE) return { key, kind: deed };
    const others = { action: 'requests.refused', object: 'others', reason: 'many kinds' };
    return { key: isFull ? 'others' : `${prefix},"others"]`, kind: others };
  }
}
