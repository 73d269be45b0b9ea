/** A run of numbers, both included. */
interface Gap {
  from: number;
  to: number;
}

/**
 * Holds what was delivered against what was sent. A stream is what one publisher sends to one subscriber, numbered from 1;
 * each number has to come once and in order.
 */
export class DeliveryChecker {
  delivered = 0;
  repeated = 0;
  /** Came after a later one of their stream. */
  disordered = 0;
  private readonly last: Uint32Array;
  private readonly gaps = new Map<number, Gap[]>();

  constructor(streams: number) {
    this.last = new Uint32Array(streams);
  }

  /** One message has come. */
  take(stream: number, sequence: number): void {
    this.delivered++;
    const expected = this.last[stream]! + 1;
    if (sequence >= expected) {
      if (sequence > expected) this.openGap(stream, { from: expected, to: sequence - 1 });
      this.last[stream] = sequence;
    } else if (this.fillGap(stream, sequence)) this.disordered++;
    else this.repeated++;
  }

  /** How many of the first `sent` messages of a stream have not come. */
  lost(stream: number, sent: number): number {
    const missing = (this.gaps.get(stream) ?? []).reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return missing + Math.max(0, sent - this.last[stream]!);
  }

  private openGap(stream: number, gap: Gap): void {
    const gaps = this.gaps.get(stream);
    if (gaps) gaps.push(gap);
    else this.gaps.set(stream, [gap]);
  }

  private fillGap(stream: number, sequence: number): boolean {
    const gaps = this.gaps.get(stream) ?? [];
    const index = gaps.findIndex(({ from, to }) => from <= sequence && sequence <= to);
    const gap = gaps[index];
    if (!gap) return false;
    const halves = [
      { from: gap.from, to: sequence - 1 },
      { from: sequence + 1, to: gap.to },
    ];
    gaps.splice(index, 1, ...halves.filter(({ from, to }) => from <= to));
    return true;
  }
}
