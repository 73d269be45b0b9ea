import type { Session } from '@perch/broker';

const BIN_MS = 30_000;
const BINS = 10;

/** What a client sent and was sent in a time. */
export interface Exchanged {
  readonly in: number;
  readonly out: number;
}

interface Bin {
  readonly number: number;
  in: number;
  out: number;
}

/** What one client sends and is sent: looked at now and then, over its connections. */
export class ClientTraffic {
  username: string | null = null;
  protocol = '';
  private connectedAt = 0;
  private seen: Exchanged = { in: 0, out: 0 };
  /** Oldest first; none while nothing moves. */
  private bins: Bin[] = [];

  /** What it exchanged since the last look; counts that began anew are taken whole. */
  look(session: Session, uptimeMs: number): Exchanged {
    const { messagesIn, messagesOut, connectedAt } = session;
    if (connectedAt !== this.connectedAt) this.seen = { in: 0, out: 0 };
    this.connectedAt = connectedAt;
    this.username = session.identity.username;
    this.protocol = session.options.protocol;
    // A publish that turns out to be repeated is taken back from its count.
    const moved = { in: Math.max(0, messagesIn - this.seen.in), out: Math.max(0, messagesOut - this.seen.out) };
    this.seen = { in: messagesIn, out: messagesOut };
    if (moved.in + moved.out > 0) this.add(moved, Math.floor(uptimeMs / BIN_MS));
    return moved;
  }

  /** What it exchanged since `windowStart`; null for nothing, as of most. */
  recent(uptimeMs: number): Exchanged | null {
    this.forget(uptimeMs);
    if (this.bins.length === 0) return null;
    return this.bins.reduce((sum, bin) => ({ in: sum.in + bin.in, out: sum.out + bin.out }), { in: 0, out: 0 });
  }

  private add(moved: Exchanged, number: number): void {
    const last = this.bins.at(-1);
    if (last?.number === number) {
      last.in += moved.in;
      last.out += moved.out;
    } else this.bins.push({ number, ...moved });
  }

  private forget(uptimeMs: number): void {
    const first = Math.floor(windowStart(uptimeMs) / BIN_MS);
    while (this.bins[0] !== undefined && this.bins[0].number < first) this.bins.shift();
  }
}

/** Where the last five minutes begin, to half a minute. */
export function windowStart(uptimeMs: number): number {
  return (Math.floor(uptimeMs / BIN_MS) - BINS) * BIN_MS;
}
