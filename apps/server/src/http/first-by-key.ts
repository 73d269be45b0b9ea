/** Of many items in any order, the few whose keys come first: sorting them all would hold up the broker. */
export class FirstByKey<Item> {
  private readonly kept: Item[] = [];

  constructor(
    private readonly limit: number,
    private readonly keyOf: (item: Item) => string,
  ) {}

  /** The items kept so far, by key. */
  get inOrder(): readonly Item[] {
    return this.kept;
  }

  offer(item: Item): void {
    const key = this.keyOf(item);
    const last = this.kept.at(-1);
    if (this.kept.length === this.limit && last !== undefined && key >= this.keyOf(last)) return;
    this.kept.splice(this.placeOf(key), 0, item);
    if (this.kept.length > this.limit) this.kept.pop();
  }

  private placeOf(key: string): number {
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keyOf(this.kept[middle] as Item) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
