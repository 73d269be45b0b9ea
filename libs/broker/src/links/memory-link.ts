import type { Link, LinkHandler } from '../link.js';

/** The other end of a memory link. */
export interface MemoryPeer {
  /** Bytes that the broker sent. */
  received(bytes: Buffer): void;
  /** The broker ended the link. */
  ended(code?: number, reason?: string): void;
}

/** A link inside the process: what is handed over arrives at once. For embedding and for tests. */
export class MemoryLink implements Link {
  readonly kind = 'memory';
  readonly address: string | null;
  readonly port = null;
  readonly traffic = null;
  private handler: LinkHandler | null = null;
  private isPaused = false;
  private isStalled = false;
  private isOpen = true;
  private waiting: { readonly bytes: Buffer; readonly isText: boolean }[] = [];
  /** The peer sends no more, and the handler is to be told after what waits. */
  private isLast = false;

  constructor(
    private readonly peer: MemoryPeer,
    address: string | null = null,
    readonly certificateName: string | null = null,
  ) {
    this.address = address;
  }

  open(handler: LinkHandler): void {
    this.handler = handler;
    this.resume();
  }

  /** What the peer sends to the broker. */
  deliver(bytes: Buffer, isText = false): void {
    if (!this.isOpen) return;
    if (this.isPaused || !this.handler) this.waiting.push({ bytes, isText });
    else this.handler.received(bytes, isText);
  }

  /** The peer takes what still comes, and is full. */
  stall(): void {
    this.isStalled = true;
  }

  /** The peer has room again. */
  readOn(): void {
    this.isStalled = false;
    this.handler?.drained();
  }

  /** The peer sends no more, but still takes what comes. */
  finish(): void {
    this.isLast = true;
    this.tellIfLast();
  }

  /** The peer goes away, in order or with an error. */
  disconnect(error: Error | null = null): void {
    this.close(error);
  }

  send(frames: readonly Buffer[]): boolean {
    if (this.isOpen) for (const frame of frames) this.peer.received(frame);
    return !this.isStalled;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    const waiting = this.waiting;
    this.waiting = [];
    for (const { bytes, isText } of waiting) this.deliver(bytes, isText);
    this.tellIfLast();
  }

  end(code?: number, reason?: string): void {
    if (!this.isOpen) return;
    this.peer.ended(code, reason);
    this.close();
  }

  destroy(): void {
    this.end();
  }

  private tellIfLast(): void {
    if (!this.isLast || this.waiting.length > 0) return;
    this.isLast = false;
    this.handler?.ended?.();
  }

  private close(error: Error | null = null): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handler?.closed(error);
  }
}
