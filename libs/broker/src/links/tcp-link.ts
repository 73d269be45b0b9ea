import type { Socket } from 'node:net';
import type { Link, LinkHandler, LinkKind, Traffic } from '../link.js';
import type { Clock } from '../ports/clock.js';
import { own, type SocketOwner, trafficOf, writeTo } from './link-socket.js';

/** How long a peer may take to close its side after we closed ours. */
const LINGER_MS = 2000;

/** What a TCP link is made with. */
export interface TcpLinkOptions {
  readonly kind: Extract<LinkKind, 'tcp' | 'tls' | 'unix'>;
  readonly clock: Clock;
  readonly certificateName?: string | null;
}

/** A link over TCP, TLS or a Unix socket. */
export class TcpLink implements Link, SocketOwner {
  readonly kind: LinkKind;
  readonly address: string | null;
  readonly port: number | null;
  readonly certificateName: string | null;
  private readonly clock: Clock;
  private handler: LinkHandler | null = null;
  private failure: Error | null = null;
  private isPaused = false;
  /** What came after the handler had paused us. */
  private held: Buffer | null = null;
  /** The peer sends no more, and the handler is to be told after what is held. */
  private isLast = false;
  private hasEnded = false;

  constructor(
    private readonly socket: Socket,
    { kind, clock, certificateName = null }: TcpLinkOptions,
  ) {
    this.kind = kind;
    this.clock = clock;
    this.address = socket.remoteAddress || null;
    this.port = socket.remotePort ?? null;
    this.certificateName = certificateName;
    socket.setNoDelay(true);
    // A peer that sends no more may still wait for the answers to what it sent.
    socket.allowHalfOpen = true;
  }

  get traffic(): Traffic {
    return trafficOf(this.socket);
  }

  open(handler: LinkHandler): void {
    this.handler = handler;
    own(this.socket, this);
  }

  send(frames: readonly Buffer[]): boolean {
    return this.hasEnded || writeTo(this.socket, frames);
  }

  /** The socket itself is paused when more comes: one that does not read cannot notice that its peer has gone. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused || this.hasEnded) return;
    this.isPaused = false;
    const { held } = this;
    this.held = null;
    if (held) this.handler?.received(held);
    if (this.isLast) this.peerEnded();
    if (!this.hasEnded) this.socket.resume();
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.held = null;
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

  received(bytes: Buffer): void {
    if (this.hasEnded) return;
    if (!this.isPaused) return this.handler?.received(bytes);
    this.held = this.held ? Buffer.concat([this.held, bytes]) : bytes;
    this.socket.pause();
  }

  peerEnded(): void {
    if (this.hasEnded) return;
    this.isLast = this.held !== null;
    if (this.isLast) return;
    if (this.handler?.ended) this.handler.ended();
    else this.end();
  }

  drained(): void {
    this.handler?.drained();
  }

  failed(error: Error): void {
    this.failure = error;
  }

  closed(): void {
    this.handler?.closed(this.failure);
  }
}
