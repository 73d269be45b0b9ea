/** So many refusals may go into one search; then the rest of the batch is given up. */
const MOST_REFUSALS = 64;

/** Finds what of a batch is refused for good: it goes again in smaller ones, until what is refused is one event alone. */
export class BadEventSearch {
  /** Events of the batch that are neither sent nor given up. */
  private left = 0;
  private refusalsLeft = 0;
  private atATime = 0;

  get isOn(): boolean {
    return this.left > 0;
  }

  /** How many may go in the next batch; infinite when nothing is searched for. */
  get most(): number {
    return this.isOn ? this.atATime : Number.POSITIVE_INFINITY;
  }

  /** A batch of so many was refused for good: how many of the first are to be given up, 0 to try with fewer. */
  refused(events: number): number {
    if (!this.isOn) {
      this.left = events;
      this.refusalsLeft = MOST_REFUSALS;
    }
    this.refusalsLeft--;
    this.atATime = Math.ceil(events / 2);
    if (this.refusalsLeft === 0) return this.left;
    return events === 1 ? 1 : 0;
  }

  /** So many of the first have arrived, or are given up: one at least. */
  settled(events: number): void {
    this.left = Math.max(0, this.left - events);
    this.atATime = Math.min(this.left, this.atATime * 2);
  }
}
