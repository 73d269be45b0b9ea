/** The few with the most, of however many are offered. */
export class Leaders<Item> {
  private readonly items: Item[] = [];

  constructor(
    private readonly limit: number,
    private readonly measure: (item: Item) => number,
  ) {}

  offer(item: Item): void {
    const last = this.items.at(-1);
    if (this.items.length >= this.limit && last !== undefined && this.measure(item) <= this.measure(last)) return;
    const place = this.items.findIndex((other) => this.measure(other) < this.measure(item));
    this.items.splice(place < 0 ? this.items.length : place, 0, item);
    if (this.items.length > this.limit) this.items.pop();
  }

  /** The most first. */
  get inOrder(): readonly Item[] {
    return this.items;
  }
}
