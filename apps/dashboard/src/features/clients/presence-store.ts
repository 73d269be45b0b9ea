import type { PresenceEvent } from '../../shared/live/presence-event.js';
import {
  blankRow,
  type ClientState,
  clientStates,
  hasSameFacts,
  stateOf,
  writeFacts,
  type PresenceFacts,
  type PresenceRow,
} from './presence-row.js';

/** A row is tinted at most this often. */
const TINT_INTERVAL_MS = 1000;

/** How many clients are known, by their state. */
export type PresenceCounts = Readonly<Record<ClientState, number>>;

/** What one commit changed. */
export interface PresenceChanges {
  readonly changed: ReadonlySet<PresenceRow>;
  readonly added: readonly PresenceRow[];
  readonly removed: readonly PresenceRow[];
}

/**
 * Every known client as mutable rows. Writers write as often as they like and then `commit()`; only listeners of rows that
 * changed are called, so the cost of an event does not depend on how many clients there are.
 */
export class PresenceStore {
  readonly rows = new Map<string, PresenceRow>();
  /** Kept up to date while rows are written. */
  private readonly tally: Record<ClientState, number> = { online: 0, offline: 0, gone: 0 };
  private counts: PresenceCounts = { ...this.tally };
  private epoch = 0;
  private readonly rowListeners = new Map<string, Set<() => void>>();
  private readonly commitListeners = new Set<(changes: PresenceChanges) => void>();
  private changed = new Set<PresenceRow>();
  private added: PresenceRow[] = [];
  private removed: PresenceRow[] = [];

  /** The counts as of the last commit; the same object until they change. */
  readonly getCounts = (): PresenceCounts => this.counts;

  /** Begins a snapshot: rows it does not confirm are removed when it ends. */
  beginSnapshot(): void {
    this.epoch += 1;
  }

  /** Takes one item of a snapshot page that was read at or after `pageSeq`. */
  applySnapshot(facts: PresenceFacts, pageSeq: number): void {
    const row = this.rows.get(facts.clientId);
    // An event newer than the page knows better than the page does.
    if (row && row.epoch === this.epoch && row.eventSeq > pageSeq) return;
    const target = row ?? this.add(facts.clientId);
    target.epoch = this.epoch;
    target.eventSeq = 0;
    if (!hasSameFacts(target, facts)) this.write(target, facts);
  }

  /** Ends a snapshot. */
  endSnapshot(): void {
    for (const row of this.rows.values()) {
      if (row.epoch === this.epoch) continue;
      this.rows.delete(row.clientId);
      this.tally[stateOf(row)] -= 1;
      this.removed.push(row);
    }
  }

  /** Takes one live event. */
  applyEvent(event: PresenceEvent, nowMs: number): void {
    const row = this.rows.get(event.clientId) ?? this.add(event.clientId);
    row.epoch = this.epoch;
    row.eventSeq = event.seq;
    if (nowMs - row.tintedAt >= TINT_INTERVAL_MS) row.tintedAt = nowMs;
    this.write(row, event);
  }

  /** Tells listeners what changed since the last commit. */
  commit(): void {
    if (this.changed.size + this.added.length + this.removed.length === 0) return;
    const changes = { changed: this.changed, added: this.added, removed: this.removed };
    this.changed = new Set();
    this.added = [];
    this.removed = [];
    if (clientStates.some((state) => this.counts[state] !== this.tally[state])) this.counts = { ...this.tally };
    for (const listener of this.commitListeners) listener(changes);
    for (const row of changes.changed) this.tell(row.clientId);
    for (const row of changes.removed) this.tell(row.clientId);
  }

  onRow(clientId: string, listener: () => void): () => void {
    const listeners = this.rowListeners.get(clientId) ?? new Set();
    this.rowListeners.set(clientId, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.rowListeners.get(clientId) === listeners) this.rowListeners.delete(clientId);
    };
  }

  /** The version of a row, or -1 when the client is not known. */
  versionOf(clientId: string): number {
    return this.rows.get(clientId)?.version ?? -1;
  }

  readonly onCommit = (listener: (changes: PresenceChanges) => void): (() => void) => {
    this.commitListeners.add(listener);
    return () => this.commitListeners.delete(listener);
  };

  private add(clientId: string): PresenceRow {
    const row = blankRow(clientId);
    this.rows.set(clientId, row);
    this.added.push(row);
    return row;
  }

  private write(row: PresenceRow, facts: PresenceFacts): void {
    if (row.version > 0) this.tally[stateOf(row)] -= 1;
    writeFacts(row, facts);
    this.tally[stateOf(row)] += 1;
    this.changed.add(row);
  }

  private tell(clientId: string): void {
    const listeners = this.rowListeners.get(clientId);
    if (listeners) for (const listener of listeners) listener();
  }
}
