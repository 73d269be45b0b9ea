import type { Broker } from '@perch/broker';
import type { HourlyHits, PostgresRuleHitStore, RuleUse } from './postgres-rule-hit-store.js';

const HOUR_MS = 3_600_000;

/** What the hits of rules are taken from and kept in. */
export interface RuleHitsOptions {
  readonly broker: Pick<Broker, 'takeHits' | 'clock'>;
  readonly store: Pick<PostgresRuleHitStore, 'add' | 'read' | 'since' | 'purge'>;
  /** Told of a write that failed; what it held is tried again with the next one. */
  readonly failed: (error: unknown) => void;
}

/** How often each rule of the policy decides: counted in the broker, kept by the hour. */
export class RuleHits {
  /** What is still to be written. Never more than rules and the hours of an outage. */
  private waiting = new Map<string, HourlyHits>();
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: RuleHitsOptions) {}

  /** Takes what was counted since the last call, and writes it. Never rejects: what is not written waits. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeWaiting());
    return this.writing;
  }

  /** How often each rule has decided, up to now; rules that never did are left out. */
  async read(): Promise<Map<string, RuleUse>> {
    await this.write();
    return this.options.store.read(this.options.broker.clock.now());
  }

  /** Since when hits are known; null when none are. */
  since(): Promise<Date | null> {
    return this.options.store.since();
  }

  /** Forgets hours before this moment. */
  purge(before: number): Promise<void> {
    return this.options.store.purge(before);
  }

  private async writeWaiting(): Promise<void> {
    this.take();
    if (this.waiting.size === 0) return;
    const hits = this.waiting;
    this.waiting = new Map();
    try {
      await this.options.store.add([...hits.values()]);
    } catch (error) {
      for (const each of hits.values()) this.keep(each);
      this.options.failed(error);
    }
  }

  private take(): void {
    const { broker } = this.options;
    const now = broker.clock.now();
    const hour = now - (now % HOUR_MS);
    for (const [ruleId, { hits, lastAt }] of broker.takeHits()) this.keep({ ruleId, hour, hits, lastAt });
  }

  private keep(more: HourlyHits): void {
    const key = `${more.hour} ${more.ruleId}`;
    const known = this.waiting.get(key);
    this.waiting.set(key, known ? added(known, more) : more);
  }
}

function added(a: HourlyHits, b: HourlyHits): HourlyHits {
  return { ...a, hits: a.hits + b.hits, lastAt: Math.max(a.lastAt, b.lastAt) };
}
