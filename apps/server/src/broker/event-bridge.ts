import { Injectable } from '@nestjs/common';
import { Broker, type Session, type StopTimer } from '@perch/broker';
import { RefusalLog } from './refusals/refusal-log.js';
import { RuleHits } from './rule-hits/rule-hits.js';
import { PostgresPresenceStore } from './stores/postgres-presence-store.js';
import { TimelineRecorder } from './timeline/timeline-recorder.js';

const HITS_EVERY_MS = 60_000;

/** Carries what happens in the broker to the database: in batches, never per message. */
@Injectable()
export class EventBridge {
  private stopHits: StopTimer | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly presence: PostgresPresenceStore,
    private readonly refusals: RefusalLog,
    private readonly hits: RuleHits,
    private readonly timeline: TimelineRecorder,
  ) {}

  /** Gives the broker what is remembered of its clients, and begins to record. */
  async start(): Promise<void> {
    await this.timeline.start();
    this.broker.presence.restore(await this.presence.load());
    const record = ({ clientId }: Session) => {
      const entry = this.broker.presence.get(clientId);
      if (entry) this.presence.record(entry);
    };
    this.broker.observe({ opened: record, closed: record, renamed: record });
    this.broker.observe(this.timeline);
    this.stopHits = this.broker.clock.every(HITS_EVERY_MS, () => {
      this.hits.write().catch((error: unknown) => this.broker.report(error, 'hits of rules'));
    });
    this.broker.observe({ refused: (event) => this.refusals.record(event) });
  }

  /** Resolves when what was recorded is written. */
  async stop(): Promise<void> {
    this.stopHits?.();
    await Promise.all([this.presence.close(), this.refusals.close(), this.timeline.close(), this.hits.write()]);
  }
}
