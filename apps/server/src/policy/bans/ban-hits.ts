import type { Ban } from './ban.js';

/** How often each ban kept somebody out, until it is taken to be written. */
export interface BanHit {
  hits: number;
  /** In ms since the epoch. */
  lastAt: number;
}

/** Counts whom bans keep out. Bounded by the number of bans. */
export class BanHits {
  private counted = new Map<string, BanHit>();

  constructor(private readonly now: () => number = Date.now) {}

  count({ id }: Ban): void {
    const hit = this.counted.get(id);
    if (!hit) this.counted.set(id, { hits: 1, lastAt: this.now() });
    else {
      hit.hits++;
      hit.lastAt = this.now();
    }
  }

  /** What is not written yet of one ban. */
  of(id: string): BanHit | undefined {
    return this.counted.get(id);
  }

  /** Hands over what was counted, and begins anew. */
  take(): ReadonlyMap<string, BanHit> {
    const { counted } = this;
    this.counted = new Map();
    return counted;
  }

  /** Counts again what could not be written. */
  giveBack(hits: ReadonlyMap<string, BanHit>): void {
    for (const [id, { hits: count, lastAt }] of hits) {
      const known = this.counted.get(id);
      this.counted.set(id, { hits: count + (known?.hits ?? 0), lastAt: Math.max(lastAt, known?.lastAt ?? 0) });
    }
  }
}
