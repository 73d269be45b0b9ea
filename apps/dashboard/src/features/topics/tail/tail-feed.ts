import type { TailLine, TailMessage } from '../../../shared/api/generated/types.gen.js';
import { ApiError } from '../../../shared/api/api-error.js';
import type { EndReason } from '../texts.js';
import { linesOf } from './lines-of.js';

/** Messages that are kept; the oldest go first. */
const KEPT = 2_000;
/** Batches that make up the rate that is shown: a second. */
const RATE_BATCHES = 4;

/** A message that was seen, and its number: the key of its row. */
export interface Seen {
  readonly id: number;
  readonly message: TailMessage;
}

/** What is known of a tail now. */
export interface TailState {
  readonly status: 'idle' | 'starting' | 'live' | 'ended' | 'failed';
  readonly watched: Watched;
  /** Newest first. */
  readonly rows: readonly Seen[];
  /** In the last second: how many messages matched, and how many of them are here. */
  readonly rate: { readonly seen: number; readonly shown: number };
  readonly total: { readonly seen: number; readonly shown: number };
  readonly end: EndReason | null;
  readonly error: Error | null;
  /** What the operator has to confirm before it goes on: how much there is, or null for everything. */
  readonly question: { readonly perSecond: number | null } | null;
}

/** Which messages are watched. */
export interface Watched {
  readonly filter: string;
  /** Only what this client publishes or may have; left out: everybody's. */
  readonly clientId?: string;
}

/** Begins a tail on the server; rejects with an ApiError. */
export type OpenTail = (
  input: Watched & { readonly confirmed: boolean },
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array>>;

const NOTHING = { seen: 0, shown: 0 };
const IDLE: TailState = {
  status: 'idle',
  watched: { filter: '' },
  rows: [],
  rate: NOTHING,
  total: NOTHING,
  end: null,
  error: null,
  question: null,
};

/** Messages as they pass, read from the server as long as somebody wants them. */
export class TailFeed {
  private state = IDLE;
  private readonly listeners = new Set<() => void>();
  private reading: AbortController | null = null;
  private batches: { readonly seen: number; readonly shown: number }[] = [];
  private lastId = 0;

  constructor(private readonly open: OpenTail) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = () => this.state;

  /** Watches these messages and no others from now on. */
  start(watched: Watched, confirmed = false): void {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.batches = [];
    this.change({ ...IDLE, status: 'starting', watched });
    this.read({ ...watched, confirmed }, reading.signal).catch((error: Error) => {
      if (this.reading === reading) this.failed(error);
    });
  }

  /** Watches no longer; what was seen stays. */
  stop(reason: EndReason = 'left'): void {
    if (!this.reading) return;
    this.reading.abort();
    this.ended(reason);
  }

  clear(): void {
    this.change({ rows: [] });
  }

  /** The question is answered with no. */
  dismiss(): void {
    this.change({ question: null });
  }

  private async read(input: Parameters<OpenTail>[0], signal: AbortSignal): Promise<void> {
    const stream = await this.open(input, signal);
    for await (const line of linesOf(stream)) {
      if (signal.aborted) return;
      this.take(JSON.parse(line) as TailLine);
    }
    if (!signal.aborted && this.reading) this.ended('lost');
  }

  private take(line: TailLine): void {
    switch (line.type) {
      case 'started':
        return this.change({ status: 'live' });
      case 'batch':
        return this.add(line.seen, line.messages);
      case 'ended':
        this.ended(line.reason);
        if (line.reason === 'busy') this.change({ question: { perSecond: line.perSecond ?? null } });
    }
  }

  private add(seen: number, messages: readonly TailMessage[]): void {
    const { total, rows } = this.state;
    this.batches = [...this.batches, { seen, shown: messages.length }].slice(-RATE_BATCHES);
    const rate = this.batches.reduce((sum, batch) => ({ seen: sum.seen + batch.seen, shown: sum.shown + batch.shown }));
    const added = messages.map((message) => ({ id: ++this.lastId, message })).reverse();
    this.change({
      rate,
      total: { seen: total.seen + seen, shown: total.shown + messages.length },
      ...(added.length > 0 && { rows: [...added, ...rows].slice(0, KEPT) }),
    });
  }

  private ended(end: EndReason): void {
    this.reading = null;
    this.change({ status: 'ended', end, rate: NOTHING });
  }

  private failed(error: Error): void {
    const isBroad = error instanceof ApiError && error.code === 'broad-filter';
    if (this.state.status === 'live') return this.ended('lost');
    this.reading = null;
    this.change(isBroad ? { status: 'idle', question: { perSecond: null } } : { status: 'failed', error });
  }

  private change(patch: Partial<TailState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }
}
