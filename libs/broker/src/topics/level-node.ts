/** A level of a topic or a filter, in the text that it is cut from. */
export interface Level {
  readonly from: number;
  readonly end: number;
}

/** A node of a tree of levels. Most lead to one other at most, which needs no map. */
export class LevelNode<Self extends LevelNode<Self>> {
  private only: Self | null = null;
  private named: Map<string, Self> | null = null;

  constructor(
    /** What leads here. */
    readonly level: string,
  ) {}

  /** True when nothing goes on from here. */
  get isLeaf(): boolean {
    return this.only === null && this.named === null;
  }

  get children(): Iterable<Self> {
    return this.named?.values() ?? (this.only ? [this.only] : []);
  }

  /** Where the level leads. */
  child(text: string, { from, end }: Level): Self | null {
    if (this.named) return this.named.get(text.slice(from, end)) ?? null;
    const { only } = this;
    return only && only.level.length === end - from && text.startsWith(only.level, from) ? only : null;
  }

  /** Puts a child where none is. */
  adopt(child: Self): void {
    if (this.named) this.named.set(child.level, child);
    else if (this.only) {
      this.named = new Map([
        [this.only.level, this.only],
        [child.level, child],
      ]);
      this.only = null;
    } else this.only = child;
  }

  /** Cuts the child off. */
  drop(child: Self): void {
    if (this.only === child) this.only = null;
    else if (this.named?.delete(child.level) && this.named.size === 0) this.named = null;
  }
}
