import { Readable } from 'node:stream';
import type { TailEnd, TailLine } from './tail.schemas.js';

/** So much may wait for a browser that reads slowly. */
const WAITING_BYTES = 1024 * 1024;

/** The lines of a tail on their way to a browser, as NDJSON. */
export class TailStream extends Readable {
  private isOver = false;

  constructor(private readonly left: () => void) {
    super({ highWaterMark: WAITING_BYTES });
  }

  /** The browser takes what it is sent. */
  get hasRoom(): boolean {
    return this.readableLength < WAITING_BYTES;
  }

  write(line: TailLine): void {
    if (!this.isOver) this.push(`${JSON.stringify(line)}\n`);
  }

  /** Says why, and ends. */
  end(reason: TailEnd, more: { readonly perSecond?: number } = {}): void {
    if (this.isOver) return;
    this.write({ type: 'ended', reason, ...more });
    this.isOver = true;
    this.push(null);
  }

  override _read(): void {}

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.isOver = true;
    this.left();
    callback(error);
  }
}
