import type { Link, LinkHandler } from '../link.js';

/** A link that keeps what is written, write by write, and looks at nothing. */
export class CountingLink implements Link {
  readonly kind = 'memory';
  readonly address = '127.0.0.1';
  readonly port = null;
  readonly traffic = null;
  readonly certificateName = null;
  /** The buffers of each write. */
  writes: (readonly Buffer[])[] = [];
  private handler: LinkHandler | null = null;

  open(handler: LinkHandler): void {
    this.handler = handler;
  }

  /** What the peer sends to the broker, in one chunk. */
  deliver(chunk: Buffer): void {
    this.handler?.received(chunk);
  }

  send(frames: readonly Buffer[]): boolean {
    this.writes.push(frames);
    return true;
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.handler?.closed(null);
  }

  destroy(): void {
    this.end();
  }
}
