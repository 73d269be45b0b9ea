import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { LinkHandler } from '../link.js';
import { framed, TEXT } from '../links/web-socket-frames.js';
import { WebSocketLink } from '../links/web-socket-link.js';
import type { FrameType } from '../links/web-socket-reader.js';
import { SystemClock } from '../system-clock.js';

/** A frame of a server as its client read it. */
export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const someone = { address: '127.0.0.1', port: 1, isSecure: false, certificateName: null };

/** Writes down what a link tells, and sends back what it hands over. */
export class Echo implements LinkHandler {
  readonly messages: Buffer[] = [];
  readonly events: string[] = [];
  link: WebSocketLink | null = null;

  received(bytes: Buffer, isText: boolean): void {
    this.messages.push(Buffer.from(bytes));
    this.link?.send(isText ? framed(TEXT, [bytes]) : [Buffer.from(bytes)]);
  }

  drained(): void {
    this.events.push('drained');
  }

  broken(refusal: string): void {
    this.events.push(`broken: ${refusal}`);
  }

  closed(error: Error | null): void {
    this.events.push(error ? `closed: ${error.message}` : 'closed');
  }
}

/** A WebSocket after its upgrade: a link at one end, raw bytes at the other. */
export class WebSocketPeer {
  private static readonly open: { close(): void }[] = [];
  /** Resolves when the server sends no more. */
  readonly ended: Promise<void>;
  private readonly heard: Buffer[] = [];

  private constructor(
    readonly link: WebSocketLink,
    readonly handler: Echo,
    private readonly sockets: { readonly peer: Socket; readonly server: Socket },
  ) {
    this.socket.on('data', (bytes: Buffer) => this.heard.push(bytes));
    this.socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.socket.once('end', resolve));
  }

  static async connect(frames: FrameType, handler = new Echo(), maxMessageBytes = 100_000): Promise<WebSocketPeer> {
    const listener: Server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
    const { port } = listener.address() as AddressInfo;
    const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const server = await accepted;
    this.open.push(listener, { close: () => peer.destroy() }, { close: () => server.destroy() });
    const link = new WebSocketLink(server, { frames, maxMessageBytes, clock: new SystemClock(), peer: someone });
    handler.link = link;
    link.open(handler);
    return new WebSocketPeer(link, handler, { peer, server });
  }

  /** The peer's end. */
  get socket(): Socket {
    return this.sockets.peer;
  }

  /** The link's end. */
  get serverSocket(): Socket {
    return this.sockets.server;
  }

  static closeAll(): void {
    this.open.splice(0).forEach((each) => each.close());
  }

  /** Sends bytes in pieces of this length, one write each. */
  write(bytes: Buffer, pieceBytes = bytes.length): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) this.socket.write(bytes.subarray(at, at + pieceBytes));
  }

  /** The frames that came so far. */
  get frames(): ServerFrame[] {
    const frames: ServerFrame[] = [];
    const bytes = Buffer.concat(this.heard);
    for (let at = 0; at + 2 <= bytes.length;) {
      const short = bytes[at + 1]!;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      if (start + length > bytes.length) break;
      frames.push({ opcode: bytes[at]! & 0x0f, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    return frames;
  }

  /** The code of the close frame that came; 0 for one without, null for none. */
  get closeCode(): number | null {
    const close = this.frames.find(({ opcode }) => opcode === 8);
    if (!close) return null;
    return close.payload.length === 0 ? 0 : close.payload.readUInt16BE(0);
  }
}
