import type { Link, LinkHandler, Traffic } from '../../link.js';

/** Where events are written to: the response to one request. */
export interface EventSink {
  /** False when it is full: the stream is to be told when it has drained. */
  write(chunks: readonly Buffer[]): boolean;
  end(): void;
}

/** A link that is only written to. */
export class EventLink implements Link {
  readonly kind = 'http';
  readonly address: string | null;
  readonly port: number | null;
  readonly certificateName: string | null;
  private handler: LinkHandler | null = null;
  private bytesOut = 0;
  private isFull = false;

  constructor(
    private readonly sink: EventSink,
    { address, port, certificateName }: Pick<Link, 'address' | 'port' | 'certificateName'>,
  ) {
    this.address = address;
    this.port = port;
    this.certificateName = certificateName;
  }

  get traffic(): Traffic {
    return { bytesIn: 0, bytesOut: this.bytesOut };
  }

  get hasRoom(): boolean {
    return !this.isFull;
  }

  open(handler: LinkHandler): void {
    this.handler = handler;
  }

  /** The sink has room again. */
  drained(): void {
    this.isFull = false;
    this.handler?.drained();
  }

  /** The response is gone. */
  broke(): void {
    const { handler } = this;
    this.handler = null;
    handler?.closed(null);
  }

  send(chunks: readonly Buffer[]): boolean {
    if (this.handler === null) return true;
    for (const { length } of chunks) this.bytesOut += length;
    this.isFull = !this.sink.write(chunks);
    return !this.isFull;
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    if (this.handler === null) return;
    this.sink.end();
    this.broke();
  }

  destroy(): void {
    this.end();
  }
}
