/**
 * How many messages were published to topics that somebody watches. Every match counts its own; only what those have
 * counted that are forgotten is kept here, so that a message costs nothing more where somebody watches.
 */
export class TopicCounts {
  /** By topic, what forgotten matches have counted since it is watched. */
  private readonly past = new Map<string, number>();

  /** `current` says what the match of the topic has counted that is remembered now. */
  constructor(
    private readonly current: (topic: string) => number,
    private readonly limit: number,
  ) {}

  /** Topics that are watched. */
  get size(): number {
    return this.past.size;
  }

  /** Counts on from here, until it is not watched any more. False where too many are watched. */
  watch(topic: string): boolean {
    if (this.past.has(topic)) return true;
    if (this.past.size >= this.limit) return false;
    this.past.set(topic, 0);
    return true;
  }

  unwatch(topic: string): void {
    this.past.delete(topic);
  }

  /** Only the difference of two says something: it has 32 bits and begins anew beyond them. Null: not watched. */
  of(topic: string): number | null {
    const past = this.past.get(topic);
    return past === undefined ? null : (past + this.current(topic)) | 0;
  }

  /** So many messages were counted by a match that is forgotten now. */
  handOn(topic: string, messages: number): void {
    const past = this.past.size === 0 ? undefined : this.past.get(topic);
    if (past !== undefined) this.past.set(topic, (past + messages) | 0);
  }
}
