import type { PostgresRefusalStore } from '../stores/postgres-refusal-store.js';
import type { RefusalCount, RefusalSeen } from './refusal-seen.js';
import { RefusalTally, type TallyLimits } from './refusal-tally.js';

/** What the log is made with. */
export interface RefusalLogOptions {
  readonly store: Pick<PostgresRefusalStore, 'put' | 'flush' | 'close' | 'purge'>;
  /** The number of the live policy. */
  readonly revision: () => number;
  readonly now?: () => number;
  readonly limits?: Partial<TallyLimits>;
}

/** Counts every refusal, and keeps the counts. What a bound or an outage costs is counted, too. */
export class RefusalLog {
  /** Refusals since the start that are in no row: the database was away for too long. */
  notKept = 0;
  private readonly tally: RefusalTally;
  private readonly now: () => number;

  constructor(private readonly options: RefusalLogOptions) {
    this.tally = new RefusalTally(options.limits);
    this.now = options.now ?? Date.now;
  }

  /** Refusals since the start that are in a row for the rest: of a client with too many topics, or of too many clients. */
  get summedUp(): number {
    return this.tally.summedUp;
  }

  /** Counts one. Does no more than that: it may happen once per message. */
  record(seen: RefusalSeen): void {
    const row = this.tally.count(seen, { now: this.now(), revision: this.options.revision() });
    if (row.isQueued) return;
    this.notKept -= row.missing;
    row.missing = 0;
    this.options.store.put(row);
  }

  /** Told by the store of a row that was not written as it stands: it is tried again when it grows. */
  lost(row: RefusalCount): void {
    row.isQueued = false;
    row.missing = row.count - row.kept;
    this.notKept += row.missing;
  }

  /** Resolves when what was recorded can be read from the database, if that is there. */
  flush(): Promise<void> {
    return this.options.store.flush();
  }

  /** Removes what was last refused before this moment. */
  purge(before: number): Promise<number> {
    return this.options.store.purge(before);
  }

  close(): Promise<void> {
    return this.options.store.close();
  }
}
