import { RecentMap } from '../recent-map.js';

/** How often a client may go before it is said to flap. */
export interface FlapLimits {
  readonly threshold: number;
  /** Ten minutes at most: what is older is forgotten. */
  readonly windowMs: number;
  /** Clients that are remembered; those that went longest ago are forgotten first. */
  readonly clients?: number;
}

/** A connection that has ended. */
export interface Disconnect {
  readonly clientId: string;
  readonly address: string | null;
  /** Another connection with this client id took its place. */
  readonly isTakeover: boolean;
}

/** A client that came and went too often. */
export interface Flapping {
  readonly clientId: string;
  readonly disconnects: number;
  readonly takeovers: number;
  /** Where those connections came from whose place was taken: several, where clients fight for the id. */
  readonly addresses: readonly string[];
}

interface Flaps {
  /** Oldest first. */
  disconnects: Moment[];
  /** When it was last said to flap. */
  toldAt: number;
}

interface Moment {
  readonly at: number;
  /** Of whose place was taken; undefined where the connection just ended. */
  readonly takenFrom: string | null | undefined;
}

const MEMORY_MS = 600_000;
/** More of one client are not told apart, unless the threshold is higher. */
export const FLAPS_KEPT = 100;
/** So many disconnects in ten minutes are shown as flapping: each is a connect, too, so that is more than five changes. */
export const SHOWN_FROM = 3;

/** Counts how often each client goes, in memory. Bounded in clients and in what is kept of each. */
export class FlapCounter {
  private readonly flaps: RecentMap<string, Flaps>;
  private readonly kept: number;

  constructor(
    private readonly limits: FlapLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.flaps = new RecentMap(limits.clients ?? 20_000);
    this.kept = Math.max(limits.threshold, FLAPS_KEPT);
  }

  /** Tells when these are `threshold` within the window; then it needs as many again. */
  count({ clientId, address, isTakeover }: Disconnect): Flapping | null {
    const now = this.now();
    const known = this.flaps.get(clientId);
    const disconnects = since(known?.disconnects ?? [], now - MEMORY_MS).slice(1 - this.kept);
    disconnects.push({ at: now, takenFrom: isTakeover ? address : undefined });
    const flaps = { disconnects, toldAt: known?.toldAt ?? Number.NEGATIVE_INFINITY };
    this.flaps.set(clientId, flaps);
    const fresh = since(disconnects, Math.max(now - this.limits.windowMs, flaps.toldAt));
    if (fresh.length < this.limits.threshold) return null;
    flaps.toldAt = now;
    return { clientId, disconnects: fresh.length, ...takeoversOf(fresh) };
  }

  /** Disconnects in the last ten minutes: `FLAPS_KEPT` or the threshold stands for that many or more. */
  countOf(clientId: string): number {
    return since(this.flaps.peek(clientId)?.disconnects ?? [], this.now() - MEMORY_MS).length;
  }

  /** Those that are shown as flapping for what they did in the last ten minutes, the worst first. */
  most(limit: number): { readonly clientId: string; readonly disconnects: number }[] {
    const after = this.now() - MEMORY_MS;
    return [...this.flaps.all()]
      .filter(([, { disconnects }]) => disconnects.length >= SHOWN_FROM)
      .map(([clientId, { disconnects }]) => ({ clientId, disconnects: since(disconnects, after).length }))
      .filter(({ disconnects }) => disconnects >= SHOWN_FROM)
      .toSorted((a, b) => b.disconnects - a.disconnects)
      .slice(0, limit);
  }

  /** Whether it is shown as flapping: for what it did in the last ten minutes, or because it was said to flap then. */
  isFlapping(clientId: string): boolean {
    const flaps = this.flaps.peek(clientId);
    if (flaps === undefined) return false;
    const after = this.now() - MEMORY_MS;
    return flaps.toldAt > after || since(flaps.disconnects, after).length >= SHOWN_FROM;
  }
}

function since(disconnects: readonly Moment[], after: number): Moment[] {
  return disconnects.filter(({ at }) => at > after);
}

function takeoversOf(disconnects: readonly Moment[]): Pick<Flapping, 'takeovers' | 'addresses'> {
  const from = disconnects.map(({ takenFrom }) => takenFrom).filter((address) => address !== undefined);
  return { takeovers: from.length, addresses: [...new Set(from)].filter((address) => address !== null) };
}
