import type { Socket } from 'node:net';
import type { Link, LinkHandler } from '../link.js';
import type { Clock } from '../ports/clock.js';

/** More unsent bytes than this in the socket, and the outbox waits. */
const FULL_BYTES = 64 * 1024;
/** How long a peer may take to close its side after we closed ours. */
const LINGER_MS = 2000;

/** A link over TCP, TLS or a Unix socket. */
export class TcpLink implements Link {
  readonly address: string | null;
  readonly port: number | null;
  private hasEnded = false;

  constructor(
    private readonly socket: Socket,
    readonly kind: string,
    private readonly clock: Clock,
  ) {
    this.address = socket.remoteAddress ?? null;
    this.port = socket.remotePort ?? null;
    socket.setNoDelay(true);
  }

  open(handler: LinkHandler): void {
    let failure: Error | null = null;
    this.socket.on('data', (bytes: Buffer) => {
      if (!this.hasEnded) handler.received(bytes);
    });
    this.socket.on('drain', () => handler.drained());
    this.socket.on('error', (error) => (failure = error));
    this.socket.on('close', () => handler.closed(failure));
  }

  send(frames: readonly Buffer[]): boolean {
    const { socket } = this;
    if (socket.destroyed || this.hasEnded) return true;
    if (frames.length === 1) socket.write(frames[0] as Buffer);
    else {
      socket.cork();
      for (const frame of frames) socket.write(frame);
      socket.uncork();
    }
    return socket.writableLength < FULL_BYTES || !socket.writableNeedDrain;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    if (!this.hasEnded) this.socket.resume();
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.socket.destroyed) return;
    this.socket.end();
    this.socket.resume();
    // Destroying at once would reset the connection and lose the last packet on its way.
    const stop = this.clock.after(LINGER_MS, () => this.socket.destroy());
    this.socket.once('close', stop);
  }

  destroy(): void {
    this.socket.destroy();
  }
}
