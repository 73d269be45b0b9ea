/** How much a log keeps. */
export interface RingBounds {
  readonly entries: number;
  /** Of what `bytesOf` counts. */
  readonly bytes: number;
}

/** How often watchers hear of new lines: four times a second is as fast as one can read. */
const TELL_MS = 250;

/** The newest lines of something that may come fast, in two bounds: so many, and so many bytes. */
export class RingLog<Entry> {
  private entries: Entry[] = [];
  private bytes = 0;
  private shown: readonly Entry[] = [];
  private isChanged = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<() => void>();
  /** Lines that had to make room. */
  dropped = 0;

  constructor(
    private readonly bounds: RingBounds,
    private readonly bytesOf: (entry: Entry) => number,
  ) {}

  push(entry: Entry): void {
    this.entries.push(entry);
    this.bytes += this.bytesOf(entry);
    this.makeRoom();
    this.changed();
  }

  /** Exchanges a line for what is known of it by now; a line that has left is left alone. */
  replace(before: Entry, after: Entry): void {
    const at = this.entries.lastIndexOf(before);
    if (at < 0) return;
    this.entries[at] = after;
    this.changed();
  }

  clear(): void {
    this.entries = [];
    this.bytes = 0;
    this.dropped = 0;
    this.changed();
  }

  /** Calls the watcher after changes, at most four times a second, until the returned function is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** The lines, the newest first; the same array until they change. */
  readonly snapshot = (): readonly Entry[] => {
    if (this.isChanged && this.timer === undefined) {
      this.shown = this.entries.toReversed();
      this.isChanged = false;
    }
    return this.shown;
  };

  private makeRoom(): void {
    let leaving = 0;
    while (
      this.entries.length - leaving > this.bounds.entries ||
      (this.bytes > this.bounds.bytes && this.entries.length - leaving > 1)
    ) {
      this.bytes -= this.bytesOf(this.entries[leaving] as Entry);
      leaving += 1;
    }
    this.dropped += leaving;
    if (leaving > 0) this.entries.splice(0, leaving);
  }

  private changed(): void {
    this.isChanged = true;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const watcher of this.watchers) watcher();
    }, TELL_MS);
  }
}
