import { MAX_FILTERS_PER_FRAME, type FilterRequest, type ResultFrame, type WireMessage } from '@perch/wire';
import type { Connection, Continuity } from './connection.js';
import { filterMatcher, type FilterMatcher } from './filter-matcher.js';
import { PerchError } from './perch-error.js';
import type { Requests } from './requests.js';
import type { Subscriber } from './subscription.js';

/** One filter on the wire, however many subscribers share it. */
interface Entry {
  readonly filter: string;
  readonly matches: FilterMatcher;
  readonly subscribers: Set<Subscriber>;
  /** What the current connection, or that before the break, knows of it. */
  state: 'unasked' | 'asked' | 'accepted';
}

type RetainHandling = NonNullable<FilterRequest['retainHandling']>;

/** Shares one wire subscription among all subscribers of a filter, and brings all back after a reconnect. */
export class Subscriptions {
  private readonly entries = new Map<string, Entry>();
  private readonly toSubscribe = new Map<Entry, RetainHandling>();
  private readonly toUnsubscribe = new Set<string>();
  private isFlushPlanned = false;

  constructor(
    private readonly connection: Connection,
    private readonly requests: Requests,
    private readonly onError: (error: PerchError) => void,
  ) {}

  add(filter: string, subscriber: Subscriber): void {
    const entry = this.entries.get(filter) ?? this.newEntry(filter);
    entry.subscribers.add(subscriber);
    // A later subscriber that wants the retained messages makes us ask again: only that brings them.
    if (entry.state === 'unasked' || subscriber.retainHandling === 0) this.plan(entry, subscriber.retainHandling);
    else if (entry.state === 'accepted') subscriber.accepted();
  }

  remove(filter: string, subscriber: Subscriber): void {
    const entry = this.entries.get(filter);
    if (!entry?.subscribers.delete(subscriber)) return;
    subscriber.failed(new PerchError('closed', 'Unsubscribed.', filter));
    if (entry.subscribers.size > 0) return;
    this.forget(entry);
    if (entry.state !== 'unasked') this.planUnsubscribe(filter);
  }

  /** Asks for everything that the broker does not have, or has no more. */
  opened({ resumed, lost }: Continuity): void {
    if (!resumed) this.toUnsubscribe.clear();
    for (const entry of this.entries.values()) {
      if (!resumed) entry.state = 'unasked';
      if (lost !== 0) for (const subscriber of entry.subscribers) subscriber.lost();
      if (entry.state === 'accepted') for (const subscriber of entry.subscribers) subscriber.accepted();
      else for (const { retainHandling } of entry.subscribers) this.plan(entry, retainHandling);
    }
    this.flush();
  }

  /** What was asked for and not answered is to be asked for again. A final loss fails those that wait for an answer. */
  lost(error: PerchError, final: boolean): void {
    this.toSubscribe.clear();
    for (const entry of this.entries.values()) {
      if (entry.state === 'asked') entry.state = 'unasked';
      if (final) for (const subscriber of entry.subscribers) subscriber.failed(error);
    }
  }

  /** Ends the subscriptions that the broker took away. */
  revoked(filters: readonly string[]): void {
    for (const filter of filters) {
      const entry = this.entries.get(filter);
      if (entry) this.end(entry, new PerchError('revoked', 'An operator ended this subscription.', filter));
    }
  }

  deliver(messages: readonly WireMessage[]): void {
    for (const entry of this.entries.values()) {
      const matching = messages.filter((message) => entry.matches(message.topic));
      if (matching.length === 0) continue;
      for (const subscriber of entry.subscribers) subscriber.deliver(matching);
    }
  }

  private newEntry(filter: string): Entry {
    const entry: Entry = { filter, matches: filterMatcher(filter), subscribers: new Set(), state: 'unasked' };
    this.entries.set(filter, entry);
    return entry;
  }

  private plan(entry: Entry, retainHandling: RetainHandling): void {
    this.toSubscribe.set(entry, Math.min(retainHandling, this.toSubscribe.get(entry) ?? 2) as RetainHandling);
    this.planFlush();
  }

  private planUnsubscribe(filter: string): void {
    this.toUnsubscribe.add(filter);
    this.planFlush();
  }

  /** What is asked for in one turn travels in one frame. */
  private planFlush(): void {
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    queueMicrotask(() => {
      this.isFlushPlanned = false;
      if (this.connection.isOpen) this.flush();
    });
  }

  private flush(): void {
    const maxLength = this.connection.maxFrameBytes / 8; // an escaped UTF-16 unit takes up to six bytes
    // Unsubscribe first: a filter that was left and taken again in one turn ends up subscribed.
    for (const filters of chunks([...this.toUnsubscribe], (filter) => filter.length, maxLength)) {
      this.requests.ask({ type: 'unsubscribe', filters }).catch((error: PerchError) => {
        // A session that is resumed may still have them.
        if (error.code === 'connection-lost') for (const filter of filters) this.leaveLater(filter);
        else if (error.code !== 'closed') this.onError(error);
      });
    }
    for (const chunk of chunks([...this.toSubscribe], ([entry]) => entry.filter.length, maxLength)) this.ask(chunk);
    this.toUnsubscribe.clear();
    this.toSubscribe.clear();
  }

  private ask(chunk: readonly (readonly [Entry, RetainHandling])[]): void {
    const entries = chunk.map(([entry]) => entry);
    for (const entry of entries) if (entry.state === 'unasked') entry.state = 'asked';
    const filters = chunk.map(([{ filter }, retainHandling]) => (retainHandling ? { filter, retainHandling } : filter));
    this.requests.ask({ type: 'subscribe', filters }).then(
      (result) => this.answered(entries, result),
      (error: PerchError) => {
        // A connection that comes back asks again.
        if (error.code === 'connection-lost' || error.code === 'closed') return;
        for (const entry of entries) this.end(entry, error);
      },
    );
  }

  private answered(entries: readonly Entry[], result: ResultFrame): void {
    entries.forEach((entry, i) => {
      const error = result.results?.[i]?.error ?? result.error;
      if (error) return this.end(entry, new PerchError(error.code, error.message, entry.filter));
      entry.state = 'accepted';
      for (const subscriber of entry.subscribers) subscriber.accepted();
    });
  }

  /** An entry that was left meanwhile is over already; another may have its filter now. */
  private end(entry: Entry, error: PerchError): void {
    if (this.entries.get(entry.filter) !== entry) return;
    this.forget(entry);
    for (const subscriber of entry.subscribers) subscriber.ended(error);
  }

  private forget(entry: Entry): void {
    this.entries.delete(entry.filter);
    this.toSubscribe.delete(entry);
  }

  private leaveLater(filter: string): void {
    if (!this.entries.has(filter)) this.toUnsubscribe.add(filter);
  }
}

/** Splits a list so that no part has too many items or too much in it. */
function chunks<T>(items: readonly T[], lengthOf: (item: T) => number, maxLength: number): T[][] {
  const parts: T[][] = [];
  let length = 0;
  for (const item of items) {
    length += lengthOf(item);
    const part = parts.at(-1);
    if (part && part.length < MAX_FILTERS_PER_FRAME && length <= maxLength) part.push(item);
    else {
      parts.push([item]);
      length = lengthOf(item);
    }
  }
  return parts;
}
