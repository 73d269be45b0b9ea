import type { BindRequest, ClientFrame, ServerFrame, WireMessage } from '@perch/wire';
import { payloadStart } from '../links/web-socket-frames.js';
import { MemoryLink } from '../links/memory-link.js';
import type { ListenerTerms } from '../listener-terms.js';
import { acceptJson, type OperatorIdentity } from '../protocols/json/json-connection.js';
import type { TestBroker } from './new-broker.js';

/** How a scripted client connects. */
export interface JsonClientOptions {
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  /** In place of both. */
  readonly token?: string;
  readonly resume?: BindRequest['resume'];
  readonly address?: string;
  readonly operator?: OperatorIdentity;
  /** The name in its certificate. */
  readonly certificateName?: string;
  readonly terms?: ListenerTerms;
}

/** A scripted perch.json client on a memory link: sends frames or raw text, and keeps what comes back. */
export class JsonClient {
  readonly texts: string[] = [];
  closedWith: { readonly code: number | undefined; readonly reason: string | undefined } | null = null;
  private readonly link: MemoryLink;
  private lastId = 0;

  constructor(
    private readonly test: TestBroker,
    options: JsonClientOptions = {},
  ) {
    this.link = new MemoryLink(
      {
        received: (bytes) => this.texts.push(bytes.toString('utf8', payloadStart(bytes))),
        ended: (code, reason) => (this.closedWith = { code, reason }),
      },
      options.address ?? '127.0.0.1',
      options.certificateName ?? null,
    );
    acceptJson(test.broker, this.link, options);
    test.clock.turn();
  }

  get isClosed(): boolean {
    return this.closedWith !== null;
  }

  /** Everything that came, in order. */
  get frames(): ServerFrame[] {
    return this.texts.map((text) => JSON.parse(text) as ServerFrame);
  }

  /** The last frame of one type. */
  last<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }> | undefined {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type).at(-1);
  }

  /** Every message delivered, over all frames. */
  get deliveries(): WireMessage[] {
    return this.frames.flatMap((frame) => (frame.type === 'messages' ? frame.messages : []));
  }

  /** `topic=payload` of every message delivered. */
  get messages(): string[] {
    return this.deliveries.map(({ topic, payload }) => `${topic}=${payload}`);
  }

  bind({ clientId, username, password = '', token, resume }: JsonClientOptions = {}): this {
    const basic = username === undefined ? undefined : { type: 'basic' as const, username, password };
    const auth = token === undefined ? basic : { type: 'bearer' as const, token };
    return this.send({ type: 'bind', id: ++this.lastId, clientId, auth, resume });
  }

  subscribe(...filters: Extract<ClientFrame, { type: 'subscribe' }>['filters']): this {
    return this.send({ type: 'subscribe', id: ++this.lastId, filters });
  }

  unsubscribe(...filters: string[]): this {
    return this.send({ type: 'unsubscribe', id: ++this.lastId, filters });
  }

  publish(topic: string, payload: string, options: Partial<Extract<ClientFrame, { type: 'publish' }>> = {}): this {
    return this.send({ type: 'publish', id: ++this.lastId, topic, payload, ...options });
  }

  send(frame: ClientFrame): this {
    return this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): this {
    this.link.deliver(Buffer.from(text));
    this.test.clock.turn();
    return this;
  }

  /** Takes nothing more until `readOn`, as if its network were full. */
  stall(): this {
    this.link.stall();
    return this;
  }

  readOn(): this {
    this.link.readOn();
    this.test.clock.turn();
    return this;
  }

  /** The connection breaks: what was sent last is on its way. */
  vanish(): void {
    this.link.disconnect(new Error('reset'));
    this.test.clock.turn();
  }

  /** Closes in order. */
  leave(): void {
    this.link.disconnect();
    this.test.clock.turn();
  }
}

/** A client that is bound. */
export function jsonClient(test: TestBroker, options: JsonClientOptions = {}): JsonClient {
  const client = new JsonClient(test, options);
  return options.operator ? client : client.bind(options);
}
