interface Bounds {
  readonly events: number;
  readonly bytes: number;
}

interface Waiting {
  readonly line: string;
  readonly bytes: number;
}

/** Events on their way, first come, first sent; bounded in number and in bytes. */
export class WaitingEvents {
  private waiting: Waiting[] = [];
  private held = 0;

  constructor(private readonly bounds: Bounds) {}

  get size(): number {
    return this.waiting.length;
  }

  get bytes(): number {
    return this.held;
  }

  /** There is no room, whatever comes. */
  get isFull(): boolean {
    return this.waiting.length >= this.bounds.events || this.held >= this.bounds.bytes;
  }

  /** False when there is no room for it. */
  add(line: string): boolean {
    const bytes = Buffer.byteLength(line);
    if (this.isFull || this.held + bytes > this.bounds.bytes) return false;
    this.waiting.push({ line, bytes });
    this.held += bytes;
    return true;
  }

  /** The first ones, at least one where there is any; they stay until they are dropped. */
  first(most: Bounds): string[] {
    const lines: string[] = [];
    let bytes = 0;
    for (const each of this.waiting) {
      bytes += each.bytes;
      if (lines.length > 0 && (lines.length >= most.events || bytes > most.bytes)) break;
      lines.push(each.line);
    }
    return lines;
  }

  drop(count: number): void {
    for (const { bytes } of this.waiting.splice(0, count)) this.held -= bytes;
  }
}
