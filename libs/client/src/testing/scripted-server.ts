import type { AddressInfo } from 'node:net';
import type { ClientFrame, ServerFrame, WelcomeFrame } from '@perch/wire';
import { WebSocketServer, type WebSocket } from 'ws';

/** A real WebSocket server on a free port that does only what a test tells it. */
export class ScriptedServer {
  private readonly links = new Inbox<ScriptedLink>();

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => this.links.push(new ScriptedLink(socket)));
  }

  static async start(port = 0): Promise<ScriptedServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** The next connection that a client makes. */
  nextLink(): Promise<ScriptedLink> {
    return this.links.next();
  }

  /** The next connection, welcomed and bound. */
  async nextBound(clientId = 'pump-7', more: Partial<WelcomeFrame> = {}): Promise<ScriptedLink> {
    const link = await this.nextLink();
    link.welcome(null);
    const bind = await link.next();
    if (bind.type !== 'bind') throw new Error(`expected a bind, got ${JSON.stringify(bind)}`);
    link.welcome(clientId, bind.id, more);
    return link;
  }

  async stop(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The server's end of one connection. */
export class ScriptedLink {
  readonly protocol: string;
  /** The close code once the client has gone. */
  readonly closed: Promise<number>;
  /** While true, pings are answered and not shown to the test. */
  answersPings = true;
  private readonly frames = new Inbox<ClientFrame>();

  constructor(private readonly socket: WebSocket) {
    this.protocol = socket.protocol;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('the client sent a binary frame');
      const frame = JSON.parse((data as Buffer).toString()) as ClientFrame;
      if (frame.type === 'ping' && this.answersPings) this.send({ type: 'pong' });
      else this.frames.push(frame);
    });
  }

  /** The next frame from the client. */
  next(): Promise<ClientFrame> {
    return this.frames.next();
  }

  /** Frames that have arrived and were not asked for. */
  get unread(): readonly ClientFrame[] {
    return this.frames.items;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  welcome(clientId: string | null, id?: number, limits = {}): void {
    this.send({ type: 'welcome', id, clientId, maxFrameBytes: 65_536, keepAliveMs: 60_000, ...limits });
  }

  /** Says yes to the next frame, which must be a request, and returns it. */
  async accept<T extends ClientFrame['type']>(type: T): Promise<Extract<ClientFrame, { type: T }>> {
    const frame = await this.next();
    if (frame.type !== type) throw new Error(`expected a ${type}, got ${JSON.stringify(frame)}`);
    const results =
      'filters' in frame ? frame.filters.map((f) => ({ filter: typeof f === 'string' ? f : f.filter })) : undefined;
    if ('id' in frame && frame.id !== undefined) this.send({ type: 'result', id: frame.id, ok: true, results });
    return frame as Extract<ClientFrame, { type: T }>;
  }

  close(code: number, reason = ''): void {
    this.socket.close(code, reason);
  }

  /** Breaks the connection without a word. */
  cut(): void {
    this.socket.terminate();
  }
}

/** Things that arrive, and those who wait for them. */
class Inbox<T> {
  readonly items: T[] = [];
  private readonly waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const wake = this.waiting.shift();
    if (wake) wake(item);
    else this.items.push(item);
  }

  next(): Promise<T> {
    const item = this.items.shift();
    return item === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(item);
  }
}
