import { MemoryLink } from '../links/memory-link.js';
import { BINARY, PING, PONG, TEXT } from '../links/web-socket-frames.js';
import type { TestBroker } from './new-broker.js';

/** How a scripted peer comes in. */
export interface MessagePeerOptions {
  readonly address?: string;
  readonly certificateName?: string;
}

const KINDS: Readonly<Record<number, string>> = { [TEXT]: 'text', [BINARY]: 'binary', [PING]: 'ping', [PONG]: 'pong' };

/** The other end of a link of whole messages, of which it reads the frames that the broker writes. */
export class MessagePeer {
  /** What came, in order: of text as it is, of anything else its kind and its bytes in hex. */
  readonly heard: string[] = [];
  closedWith: { readonly code: number | undefined; readonly reason: string | undefined } | null = null;
  readonly link: MemoryLink;
  private rest = Buffer.alloc(0);

  constructor(
    private readonly test: TestBroker,
    accept: (link: MemoryLink) => void,
    { address = '127.0.0.1', certificateName }: MessagePeerOptions = {},
  ) {
    const peer = {
      received: (bytes: Buffer) => this.read(bytes),
      ended: (code?: number, reason?: string) => void (this.closedWith = { code, reason }),
    };
    this.link = new MemoryLink(peer, address, certificateName ?? null);
    accept(this.link);
    test.clock.turn();
  }

  get isClosed(): boolean {
    return this.closedWith !== null;
  }

  sendText(text: string): this {
    return this.deliver(Buffer.from(text), true);
  }

  /** In hex, with spaces where they help. */
  sendBinary(hex: string): this {
    return this.deliver(Buffer.from(hex.replaceAll(' ', ''), 'hex'), false);
  }

  /** Whatever it is, when this returns the turn has ended. */
  deliver(bytes: Buffer, isText: boolean): this {
    this.link.deliver(bytes, isText);
    this.test.clock.turn();
    return this;
  }

  /** What has come since the last call. */
  take(): string[] {
    return this.heard.splice(0);
  }

  /** Closes in order. */
  leave(): void {
    this.link.disconnect();
    this.test.clock.turn();
  }

  private read(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (let end = this.next(); end > 0; end = this.next()) this.rest = this.rest.subarray(end);
  }

  /** Takes one frame; returns where it ends, or 0 when it is not whole. */
  private next(): number {
    const { rest } = this;
    if (rest.length < 2) return 0;
    const short = rest[1] as number;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (rest.length < start) return 0;
    const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (rest.length < start + length) return 0;
    const payload = rest.subarray(start, start + length);
    const opcode = (rest[0] as number) & 0x0f;
    // [RFC 6455 5.1, 5.4] a server masks nothing, and these messages are whole
    if (rest[0] !== (0x80 | opcode) || !(opcode in KINDS)) throw new Error(`No frame: ${rest.toString('hex')}`);
    const kind = KINDS[opcode] as string;
    this.heard.push(kind === 'text' ? payload.toString() : `${kind} ${payload.toString('hex')}`.trim());
    return start + length;
  }
}
