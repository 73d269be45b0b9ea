import type { ColumnKey } from './column-layout.js';
import { parseAddress, parseAddressRange, rangeContains } from '@perch/policy';
import { type ClientState, clientStates, type PresenceRow, stateOf } from './presence-row.js';
import type { PresenceChanges, PresenceStore } from './presence-store.js';

/** What may be sorted by: every column. */
export type SortKey = ColumnKey;

/** How much each client has of what presence does not tell; who is in none has nothing. */
export type Ranks = ReadonlyMap<string, number>;

/** Which clients are listed, and in which order. */
export interface PresenceQuery {
  readonly text: string;
  readonly state: ClientState | null;
  readonly protocol: string | null;
  readonly username: string | null;
  /** An IP address or a CIDR block; one that is none means nobody. */
  readonly address: string | null;
  readonly reason: string | null;
  /** It came or went then or later, in ms since the epoch. */
  readonly sinceFrom: number | null;
  /** It came or went then or earlier. */
  readonly sinceTo: number | null;
  /** Nobody else is meant, whatever the rest says. */
  readonly among: ReadonlySet<string> | null;
  readonly sort: SortKey;
  readonly isDescending: boolean;
}

/** What waits until the reader asks for it. */
export interface PendingChanges {
  readonly added: number;
  readonly moved: number;
  readonly left: number;
}

/** The list as it is shown now. */
export interface ViewSnapshot {
  readonly rows: readonly PresenceRow[];
  readonly pending: PendingChanges;
}

const nothingPending: PendingChanges = { added: 0, moved: 0, left: 0 };

/** Every client, by id. */
export const everyone: PresenceQuery = {
  text: '',
  state: null,
  protocol: null,
  username: null,
  address: null,
  reason: null,
  sinceFrom: null,
  sinceTo: null,
  among: null,
  sort: 'clientId',
  isDescending: false,
};

/**
 * The filtered and sorted list over the store. Its order is frozen: rows change in place, while rows that are new, moved or
 * no longer match wait for `applyPending()`.
 */
export class PresenceView {
  /** Every row in the order last sorted; sorting it again is nearly linear because it is nearly sorted. */
  private order: PresenceRow[] = [];
  private isOrderStale = true;
  /** Nothing has changed since the list was made: what matches more words is among what is shown. */
  private isExact = false;
  /** The rows shown, each with the sort key it was placed by. */
  private shown = new Map<PresenceRow, string | number>();
  private readonly added = new Set<PresenceRow>();
  private readonly moved = new Set<PresenceRow>();
  private readonly left = new Set<PresenceRow>();
  private ranks: Ranks | null = null;
  private snapshot: ViewSnapshot = { rows: [], pending: nothingPending };
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: PresenceStore,
    private query: PresenceQuery = everyone,
  ) {
    this.begin();
  }

  /** Follows the store until the returned function is called. */
  open(): () => void {
    if (this.order.length !== this.store.rows.size) this.begin();
    return this.store.onCommit((changes) => this.take(changes));
  }

  readonly getSnapshot = (): ViewSnapshot => this.snapshot;

  readonly onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Lists by another filter or order, at once. */
  setQuery(query: PresenceQuery): void {
    const isNarrower = this.isExact && narrows(this.query, query);
    this.isOrderStale ||= query.sort !== this.query.sort || query.isDescending !== this.query.isDescending;
    this.query = query;
    this.list(isNarrower ? this.snapshot.rows : this.order);
  }

  /** By what is sorted where presence does not know it. The first of them count at once, later ones move rows. */
  setRanks(ranks: Ranks | null): void {
    if (ranks === this.ranks) return;
    const isFirst = this.ranks === null;
    this.ranks = ranks;
    this.isOrderStale = true;
    if (isFirst) return this.applyPending();
    for (const [row, placedBy] of this.shown)
      mark(this.moved, row, !this.left.has(row) && placedBy !== this.keyOf(row));
    this.tellPending();
  }

  /** Puts every waiting row where it belongs. */
  readonly applyPending = (): void => this.list(this.order);

  private list(candidates: readonly PresenceRow[]): void {
    const { query } = this;
    if (this.isOrderStale) this.order.sort(comparatorOf(query, this.ranks));
    this.isOrderStale = false;
    const rows = candidates.filter(matcherOf(query));
    this.shown = new Map();
    const keyOf = keyReaders[query.sort];
    for (const row of rows) this.shown.set(row, keyOf(row, this.ranks));
    for (const set of [this.added, this.moved, this.left]) set.clear();
    this.isExact = true;
    this.publish({ rows, pending: nothingPending });
  }

  private begin(): void {
    this.order = [...this.store.rows.values()];
    this.isOrderStale = true;
    this.applyPending();
  }

  private take(changes: PresenceChanges): void {
    this.isExact = false;
    if (changes.removed.length > 0) this.forget(changes.removed);
    // One by one: a spread of a whole page of a snapshot would be a call with thousands of arguments.
    for (const row of changes.added) this.order.push(row);
    this.isOrderStale ||= changes.added.length > 0 || this.query.sort !== 'clientId';
    const matches = matcherOf(this.query);
    for (const row of changes.changed) this.judge(row, matches(row));
    this.tellPending();
  }

  private tellPending(): void {
    const pending = { added: this.added.size, moved: this.moved.size, left: this.left.size };
    const before = this.snapshot.pending;
    if (pending.added === before.added && pending.moved === before.moved && pending.left === before.left) return;
    this.publish({ rows: this.snapshot.rows, pending });
  }

  private judge(row: PresenceRow, isMatch: boolean): void {
    const placedBy = this.shown.get(row);
    const isShown = placedBy !== undefined;
    mark(this.added, row, !isShown && isMatch);
    mark(this.left, row, isShown && !isMatch);
    mark(this.moved, row, isShown && isMatch && placedBy !== this.keyOf(row));
  }

  private keyOf(row: PresenceRow): string | number {
    return keyReaders[this.query.sort](row, this.ranks);
  }

  private forget(removed: readonly PresenceRow[]): void {
    const gone = new Set(removed);
    this.order = this.order.filter((row) => !gone.has(row));
    for (const row of removed) {
      mark(this.added, row, false);
      mark(this.moved, row, false);
      if (this.shown.has(row)) this.left.add(row);
    }
  }

  private publish(snapshot: ViewSnapshot): void {
    this.snapshot = snapshot;
    for (const listener of this.listeners) listener();
  }
}

/** Whoever the second means is meant by the first, in the same order: one more letter was typed. */
function narrows(before: PresenceQuery, after: PresenceQuery): boolean {
  const keys = Object.keys(before) as (keyof PresenceQuery)[];
  return after.text.includes(before.text) && keys.every((key) => key === 'text' || before[key] === after[key]);
}

function mark(set: Set<PresenceRow>, row: PresenceRow, isMember: boolean): void {
  if (isMember) set.add(row);
  else set.delete(row);
}

/** One function per column: a property read by a changing name would cost the sort most of its time. */
const keyReaders: Readonly<Record<SortKey, (row: PresenceRow, ranks: Ranks | null) => string | number>> = {
  clientId: (row) => row.clientId,
  online: (row) => clientStates.indexOf(stateOf(row)),
  username: (row) => row.username ?? '',
  protocol: (row) => row.protocol,
  address: (row) => row.address ?? '',
  since: (row) => row.since,
  subscriptions: rankOf,
  inFlight: rankOf,
  rate: rankOf,
  reason: (row) => row.reason ?? '',
  connectedFor: (row) => row.connectedForMs ?? -1,
  node: (row) => row.node,
};

function rankOf({ clientId }: PresenceRow, ranks: Ranks | null): number {
  return ranks?.get(clientId) ?? 0;
}

function comparatorOf(
  { sort, isDescending }: PresenceQuery,
  ranks: Ranks | null,
): (a: PresenceRow, b: PresenceRow) => number {
  const sign = isDescending ? -1 : 1;
  if (sort === 'clientId') return (a, b) => sign * compare(a.clientId, b.clientId);
  const keyOf = keyReaders[sort];
  return (a, b) => sign * compare(keyOf(a, ranks), keyOf(b, ranks)) || compare(a.clientId, b.clientId);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function matcherOf(query: PresenceQuery): (row: PresenceRow) => boolean {
  const text = query.text.trim().toLowerCase();
  const { state, protocol, username, reason, sinceFrom, sinceTo, among } = query;
  const isAt = query.address === null ? null : addressTest(query.address);
  return (row) =>
    (state === null || stateOf(row) === state) &&
    (protocol === null || row.protocol === protocol) &&
    (username === null || row.username === username) &&
    (reason === null || row.reason === reason) &&
    (sinceFrom === null || row.since >= sinceFrom) &&
    (sinceTo === null || row.since <= sinceTo) &&
    (among === null || among.has(row.clientId)) &&
    (isAt === null || isAt(row.address)) &&
    (text === '' || row.haystack.includes(text));
}

function addressTest(block: string): (address: string | null) => boolean {
  const range = parseAddressRange(block);
  return (address) => {
    const own = range === null || address === null ? null : parseAddress(address);
    return range !== null && own !== null && rangeContains(range, own);
  };
}
