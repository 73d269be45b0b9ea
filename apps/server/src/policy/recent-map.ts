/** A map with a bound: what was used least recently goes first. */
export class RecentMap<Key, Value> {
  private readonly entries = new Map<Key, Value>();
  /** The one that was used last has its place already. */
  private newest: Key | undefined;

  constructor(private readonly limit: number) {}

  /** The value, which is used by this. */
  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined || key === this.newest) return value;
    this.entries.delete(key);
    this.entries.set(key, value);
    this.newest = key;
    return value;
  }

  /** The value, which is not used by this. */
  peek(key: Key): Value | undefined {
    return this.entries.get(key);
  }

  /** All of them, which are not used by this. */
  all(): Iterable<[Key, Value]> {
    return this.entries;
  }

  set(key: Key, value: Value): void {
    if (key !== this.newest) this.entries.delete(key);
    this.entries.set(key, value);
    this.newest = key;
    if (this.entries.size <= this.limit) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  /** Forgets every entry whose value is so. Looks at all of them. */
  deleteWhere(isGone: (value: Value) => boolean): void {
    for (const [key, value] of this.entries) if (isGone(value)) this.entries.delete(key);
  }
}
