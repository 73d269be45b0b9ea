import { Injectable } from '@nestjs/common';
import { Broker, type Session } from '@perch/broker';
import { RefusalLog } from './refusals/refusal-log.js';
import { PostgresPresenceStore } from './stores/postgres-presence-store.js';

/** Carries what happens in the broker to the database: in batches, never per message. */
@Injectable()
export class EventBridge {
  constructor(
    private readonly broker: Broker,
    private readonly presence: PostgresPresenceStore,
    private readonly refusals: RefusalLog,
  ) {}

  /** Gives the broker what is remembered of its clients, and begins to record. */
  async start(): Promise<void> {
    this.broker.presence.restore(await this.presence.load());
    const record = ({ clientId }: Session) => {
      const entry = this.broker.presence.get(clientId);
      if (entry) this.presence.record(entry);
    };
    this.broker.observe({ opened: record, closed: record, renamed: record });
    this.broker.observe({ refused: (event) => this.refusals.record(event) });
  }

  /** Resolves when what was recorded is written. */
  async stop(): Promise<void> {
    await Promise.all([this.presence.close(), this.refusals.close()]);
  }
}
