/** What is counted of one level. */
export interface LevelCounts {
  subscribers: number;
  subscribersBelow: number;
  retainedBelow: number;
  /** When its own value was set, in ms since the epoch; null without one. */
  updatedAt: number | null;
}

/** Of any number of levels that come in any order, again and again, the first ones by name: holds twice as many at most. */
export class FirstLevels {
  /** Some were left out. */
  isCut = false;
  private readonly levels = new Map<string, LevelCounts>();
  /** No level from here on is kept. */
  private end: string | null = null;

  constructor(private readonly limit: number) {}

  /** Where the level is counted, or null where it is not among the first. */
  get(level: string): LevelCounts | null {
    const known = this.levels.get(level);
    if (known) return known;
    if (this.end !== null && level >= this.end) return null;
    if (this.levels.size >= 2 * this.limit) this.cut();
    if (this.end !== null && level >= this.end) return null;
    const counts = { subscribers: 0, subscribersBelow: 0, retainedBelow: 0, updatedAt: null };
    this.levels.set(level, counts);
    return counts;
  }

  /** The first ones, by name. */
  inOrder(): (readonly [string, LevelCounts])[] {
    if (this.levels.size > this.limit) this.cut();
    return [...this.levels].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private cut(): void {
    const names = [...this.levels.keys()].sort();
    this.end = names[this.limit] ?? null;
    for (const name of names.slice(this.limit)) this.levels.delete(name);
    this.isCut = true;
  }
}
