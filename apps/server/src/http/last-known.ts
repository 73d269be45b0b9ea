import { isDatabaseAway } from './database-errors.js';

/** What the database last said, for when it is away. The oldest is forgotten at the limit. */
export class LastKnown<Value> {
  private readonly known = new Map<string, Value>();

  constructor(private readonly limit: number) {}

  /** Asks the database; while it is away, what it said before. */
  async ask(key: string, question: () => Promise<Value | null>): Promise<Value | null> {
    try {
      const value = await question();
      if (value === null) this.known.delete(key);
      else this.set(key, value);
      return value;
    } catch (error) {
      const value = this.known.get(key);
      if (value !== undefined && isDatabaseAway(error)) return value;
      throw error;
    }
  }

  set(key: string, value: Value): void {
    this.known.delete(key);
    this.known.set(key, value);
    if (this.known.size <= this.limit) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  delete(key: string): void {
    this.known.delete(key);
  }

  /** Forgets whatever meets this. */
  deleteWhere(meets: (value: Value) => boolean): void {
    for (const [key, value] of this.known) if (meets(value)) this.known.delete(key);
  }
}
