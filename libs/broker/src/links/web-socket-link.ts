import type { Socket } from 'node:net';
import type { Link, LinkHandler, LinkKind, Traffic } from '../link.js';
import type { Clock } from '../ports/clock.js';
import { hasRoom, own, type SocketOwner, trafficOf, writeTo } from './link-socket.js';
import { BINARY, closePayload, CLOSE, framed, framedTogether, PONG } from './web-socket-frames.js';
import { type FrameFault, type FrameTaker, type FrameType, WebSocketReader } from './web-socket-reader.js';

/** How long a peer may take to close its side after we closed ours. */
const LINGER_MS = 2000;
const NORMAL_CLOSURE = 1000;
/** RFC 6455 7.1.5: the connection merely broke. */
const NO_CLOSE_FRAME = new Error('no close frame');

/** Who is at the other end of a WebSocket, as far as its upgrade told. */
export interface WebSocketPeer {
  readonly address: string | null;
  readonly port: number | null;
  /** TLS reaches as far as the peer, whoever ends it. */
  readonly isSecure: boolean;
  readonly certificateName: string | null;
}

/** What a WebSocket link is made with. */
export interface WebSocketLinkOptions {
  /** What is sent has its frames already but where they are `binary`: see `web-socket-frames.ts`. */
  readonly frames: FrameType;
  /** The longest message taken. */
  readonly maxMessageBytes: number;
  readonly clock: Clock;
  readonly peer: WebSocketPeer;
}

/**
 * A link over a WebSocket, from when its upgrade was answered [RFC 6455].
 *
 *     open --end, close frame of the peer, broken rule--> closing --both sides closed, or too late--> closed
 */
export class WebSocketLink implements Link, SocketOwner, FrameTaker {
  readonly kind: LinkKind;
  readonly address: string | null;
  readonly port: number | null;
  readonly certificateName: string | null;
  private readonly frames: FrameType;
  private readonly clock: Clock;
  private readonly reader: WebSocketReader;
  private handler: LinkHandler | null = null;
  private failure: Error | null = null;
  private isPaused = false;
  /** What came after the handler had paused us. */
  private held: Buffer | null = null;
  /** The peer sends no more, which is looked at after what is held. */
  private isLast = false;
  /** A close frame was sent, or cannot be any more. */
  private hasEnded = false;
  private hasPeerClosed = false;
  /** What pings are to be answered with. */
  private pongs: Buffer[] | null = null;

  constructor(
    private readonly socket: Socket,
    { frames, maxMessageBytes, clock, peer }: WebSocketLinkOptions,
  ) {
    this.kind = peer.isSecure ? 'wss' : 'ws';
    this.address = peer.address;
    this.port = peer.port;
    this.certificateName = peer.certificateName;
    this.frames = frames;
    this.clock = clock;
    this.reader = new WebSocketReader({ frames, maxMessageBytes }, this);
    socket.setNoDelay(true);
    socket.setTimeout(0);
  }

  get traffic(): Traffic {
    return trafficOf(this.socket);
  }

  open(handler: LinkHandler): void {
    this.handler = handler;
    own(this.socket, this);
  }

  send(frames: readonly Buffer[]): boolean {
    return this.hasEnded || writeTo(this.socket, this.inFrames(frames));
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
    if (held) this.read(held);
    if (this.isLast) this.peerEnded();
    if (!this.hasEnded && !this.held) this.socket.resume();
  }

  end(code = NORMAL_CLOSURE, reason = ''): void {
    this.endWith(closePayload(code, reason));
  }

  destroy(): void {
    this.socket.destroy();
  }

  data(bytes: Buffer, isText: boolean): boolean {
    if (this.hasEnded) return true;
    this.handler?.received(bytes, isText);
    return !this.isPaused || this.hasEnded;
  }

  ping(payload: Buffer): void {
    this.pongs ??= [];
    this.pongs.push(Buffer.from(payload));
  }

  /** RFC 6455 7.1.1: the server is the first to close the connection below. */
  close(payload: Buffer): void {
    this.hasPeerClosed = true;
    this.endWith(payload);
    this.socket.end();
  }

  fault({ code, reason, refusal }: FrameFault): void {
    const isNews = !this.hasEnded;
    this.end(code, reason);
    this.socket.end();
    if (isNews) this.handler?.broken(refusal);
  }

  received(bytes: Buffer): void {
    if (!this.isPaused || this.hasEnded) return this.read(bytes);
    this.held = this.held ? Buffer.concat([this.held, bytes]) : bytes;
    this.socket.pause();
  }

  drained(): void {
    if (this.pongs) this.pong(this.pongs);
    this.handler?.drained();
  }

  /** Without a close frame: the connection broke. */
  peerEnded(): void {
    this.isLast = this.held !== null;
    if (this.isLast) return;
    if (!this.hasEnded) this.linger();
    this.socket.end();
  }

  failed(error: Error): void {
    this.failure = error;
  }

  closed(): void {
    this.handler?.closed(this.failure ?? (this.hasPeerClosed ? null : NO_CLOSE_FRAME));
  }

  private inFrames(pieces: readonly Buffer[]): readonly Buffer[] {
    // [MQTT-6.0.0-2] packets may be cut anywhere
    return this.frames === 'binary' ? framedTogether(BINARY, pieces) : pieces;
  }

  private read(bytes: Buffer): void {
    const read = this.reader.read(bytes);
    if (read < bytes.length) this.held = bytes.subarray(read);
    if (this.pongs) this.pong(this.pongs);
  }

  /** RFC 6455 5.5.3: where pings come faster than pongs leave, the last one is answered. */
  private pong(pongs: readonly Buffer[]): void {
    const waits = !hasRoom(this.socket);
    this.pongs = waits ? pongs.slice(-1) : null;
    if (!waits && !this.hasEnded) writeTo(this.socket, framed(PONG, pongs));
  }

  private endWith(payload: Buffer): void {
    if (this.hasEnded) return;
    if (this.pongs) this.pong(this.pongs);
    this.linger();
    if (!this.socket.destroyed) writeTo(this.socket, framed(CLOSE, [payload]));
    const { held } = this;
    this.held = null;
    // The close frame of the peer may be in it.
    if (held) this.reader.read(held);
  }

  /** Nothing more is handed over or sent, and the peer has a while to close its side. */
  private linger(): void {
    this.hasEnded = true;
    if (this.socket.destroyed) return;
    this.socket.resume();
    const stop = this.clock.after(LINGER_MS, () => this.socket.destroy());
    this.socket.once('close', stop);
  }
}
