import type { BrokerObserver, Clock, CloseReason, Session } from '@perch/broker';
import type { PostgresTimelineStore } from '../stores/postgres-timeline-store.js';
import type { ClientEvent } from './client-event.js';

/** What the recorder is made with. */
export interface TimelineRecorderOptions {
  readonly store: Pick<PostgresTimelineStore, 'put' | 'endEarlierRun' | 'flush' | 'purge' | 'close'>;
  readonly clock: Clock;
}

/** Keeps what happens to each client across its connections. One row for a connect, one for a disconnect, none per message. */
export class TimelineRecorder implements BrokerObserver {
  /** Events since the start that are missing: the database was away for too long. */
  notKept = 0;

  constructor(private readonly options: TimelineRecorderOptions) {}

  /** Notes that those who were connected when an earlier run ended without a word are not any more. */
  start(): Promise<void> {
    return this.options.store.endEarlierRun();
  }

  readonly opened = (session: Session): void => this.record(session, { kind: 'connected' });

  readonly renamed = (session: Session): void => this.record(session, { kind: 'renamed' });

  readonly closed = (session: Session, reason: CloseReason): void => {
    const connectedForMs = this.options.clock.now() - session.connectedAt;
    this.record(session, { kind: 'disconnected', reason, connectedForMs });
  };

  /** An operator sends the client away; that it went is told by the broker. */
  kicked(session: Session, operator: string, reason: string): void {
    this.record(session, { kind: 'kicked', operator, reason: reason || null });
  }

  /** Told by the store of an event that it did not keep. */
  lost(): void {
    this.notKept++;
  }

  /** Resolves when what was recorded can be read from the database, if that is there. */
  flush(): Promise<void> {
    return this.options.store.flush();
  }

  /** Removes what happened before this moment. */
  purge(before: number): Promise<number> {
    return this.options.store.purge(before);
  }

  close(): Promise<void> {
    return this.options.store.close();
  }

  private record(session: Session, what: Pick<ClientEvent, 'kind'> & Partial<ClientEvent>): void {
    const { clientId, username, address } = session.identity;
    const { kind, reason = null, connectedForMs = null, operator = null } = what;
    const { protocol } = session.options;
    const at = this.options.clock.now();
    this.options.store.put({ clientId, kind, at, username, address, protocol, reason, connectedForMs, operator });
  }
}
