import type { RawData, WebSocket } from 'ws';
import type { Link, LinkHandler, LinkKind } from '../link.js';
import type { Clock } from '../ports/clock.js';
import type { Refusal } from '../refusal.js';

const FULL_BYTES = 64 * 1024;
const LINGER_MS = 2000;
const NORMAL_CLOSURE = 1000;
/** RFC 6455 7.4.1: the endpoint received a type of data that it cannot accept. */
const UNSUPPORTED_DATA = 1003;

/** RFC 6455 7.1.5: the connection broke without a close frame. */
const NO_CLOSE_FRAME = 1006;

/** Whether a link carries binary frames (MQTT) or text frames (JSON). */
export type FrameType = 'binary' | 'text';

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
  readonly frames: FrameType;
  readonly clock: Clock;
  readonly peer: WebSocketPeer;
}

/** A link over a WebSocket. */
export class WebSocketLink implements Link {
  readonly kind: LinkKind;
  readonly address: string | null;
  readonly port: number | null;
  readonly certificateName: string | null;
  private handler: LinkHandler | null = null;
  private isPaused = false;
  /** What came after the handler had paused us. */
  private held: Buffer[] = [];
  private isFull = false;
  private hasEnded = false;

  constructor(
    private readonly webSocket: WebSocket,
    private readonly options: WebSocketLinkOptions,
  ) {
    const { address, port, isSecure, certificateName } = options.peer;
    this.kind = isSecure ? 'wss' : 'ws';
    this.address = address;
    this.port = port;
    this.certificateName = certificateName;
  }

  open(handler: LinkHandler): void {
    this.handler = handler;
    let failure: Error | null = null;
    this.webSocket.on('message', (data, isBinary) => this.received(data, isBinary));
    this.webSocket.on('error', (error) => {
      failure = error;
      const refusal = refusalOf(error);
      if (refusal) handler.broken(refusal);
    });
    this.webSocket.on('close', (code) =>
      handler.closed(failure ?? (code === NO_CLOSE_FRAME ? new Error('no close frame') : null)),
    );
  }

  send(frames: readonly Buffer[]): boolean {
    if (this.hasEnded || this.webSocket.readyState !== this.webSocket.OPEN) return true;
    const binary = this.options.frames === 'binary';
    const last = frames.length - 1;
    frames.forEach((frame, i) => this.webSocket.send(frame, { binary }, i === last ? this.sent : undefined));
    this.isFull = this.webSocket.bufferedAmount >= FULL_BYTES;
    return !this.isFull;
  }

  /** The WebSocket itself is paused when more comes: one that does not read cannot notice that its peer has gone. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused || this.hasEnded) return;
    this.isPaused = false;
    while (this.held.length > 0 && !this.isPaused) this.handler?.received(this.held.shift() as Buffer);
    if (!this.isPaused) this.webSocket.resume();
  }

  end(code = NORMAL_CLOSURE, reason = ''): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.held = [];
    if (this.webSocket.readyState === this.webSocket.CLOSED) return;
    this.webSocket.resume();
    this.webSocket.close(code, reason);
    const stop = this.options.clock.after(LINGER_MS, () => this.webSocket.terminate());
    this.webSocket.once('close', stop);
  }

  destroy(): void {
    this.webSocket.terminate();
  }

  private received(data: RawData, isBinary: boolean): void {
    if (this.hasEnded) return;
    // [MQTT-6.0.0-1] MQTT comes in binary frames only; our JSON in text frames only
    if (isBinary === (this.options.frames === 'binary')) return this.take(data as Buffer);
    this.end(UNSUPPORTED_DATA, `send ${this.options.frames} frames`);
    this.handler?.broken('protocol-error');
  }

  private take(bytes: Buffer): void {
    if (!this.isPaused) return this.handler?.received(bytes);
    this.held.push(bytes);
    this.webSocket.pause();
  }

  private readonly sent = (): void => {
    if (!this.isFull || this.webSocket.bufferedAmount >= FULL_BYTES) return;
    this.isFull = false;
    this.handler?.drained();
  };
}

/** What `ws` found wrong with a frame; null for a connection that merely broke. */
function refusalOf(error: Error & { code?: string }): Refusal | null {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'packet-too-large';
  if (error.code === 'WS_ERR_INVALID_UTF8') return 'invalid-utf8';
  return error.code?.startsWith('WS_ERR_') ? 'malformed-packet' : null;
}
