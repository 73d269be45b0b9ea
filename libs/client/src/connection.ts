import {
  SUBPROTOCOL,
  type BindRequest,
  type ClientFrame,
  type ResultFrame,
  type ResumePoint,
  type ServerFrame,
  type WelcomeFrame,
} from '@perch/wire';
import { backOffMs } from './back-off.js';
import { backAgainAfter, reasonOfClose, reasonOfRefusal } from './close-reason.js';
import type { CloseReason, ConnectionState } from './connection-state.js';
import { KeepAlive } from './keep-alive.js';
import type { Settings } from './options.js';
import type { WebSocketLike } from './web-socket.js';

/** Who to be. */
export type Identity = Pick<BindRequest, 'auth' | 'clientId'>;

/** What of the connection before is still there. */
export interface Continuity {
  /** The broker still has its subscriptions. */
  readonly resumed: boolean;
  /** Messages that were lost in the break; null when nobody knows. */
  readonly lost: number | null;
}

/** What a connection tells its owner. */
export interface ConnectionHandler {
  /** Bound: requests may go out. */
  opened(continuity: Continuity): void;
  /** Not open any more. `final` when it will not come back by itself. */
  lost(reason: CloseReason, final: boolean): void;
  received(frame: ServerFrame): void;
  stateChanged(): void;
}

/** The id of the bind that the connection itself sends; requests count from 1. */
const ownBindId = 0;

/** A connection that was open for this long was a good one: the next loss begins with the shortest wait. */
const lastedMs = 10_000;

const network: CloseReason = { name: 'network', code: null, refusal: null, message: 'The connection was lost.' };
const noAnswer: CloseReason = { ...network, name: 'noAnswer', message: 'The server stopped answering.' };
const badAnswer: CloseReason = { ...network, name: 'badAnswer', message: 'The server does not speak perch.json.' };
const closedByClient: CloseReason = { ...network, name: 'closedByClient', message: 'Closed.' };

/** Keeps one bound link to the broker alive, through as many WebSockets as it takes. */
export class Connection {
  state: ConnectionState = { status: 'connecting', clientId: null, reason: null, attempt: 1, nextTryAt: null };
  /** The largest frame the broker takes. */
  maxFrameBytes = Infinity;
  private socket: WebSocketLike | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private openedAt = 0;
  private wasOpen = false;
  /** Where the session can be resumed. */
  private point: ResumePoint | null = null;
  private readonly keepAlive = new KeepAlive();

  constructor(
    public identity: Identity,
    private readonly settings: Settings,
    private readonly handler: ConnectionHandler,
  ) {}

  start(): void {
    this.open();
  }

  get isOpen(): boolean {
    return this.state.status === 'open';
  }

  /** Bytes that the socket has not sent yet. */
  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  write(text: string): void {
    this.socket?.send(text);
  }

  /** Tries now instead of later; also brings a closed connection back. */
  readonly retryNow = (): void => {
    const { status, reason } = this.state;
    if (status === 'open' || this.socket) return;
    this.change({ status: status === 'closed' ? 'connecting' : status, attempt: this.state.attempt + 1, reason });
    this.openAgain();
  };

  close(): void {
    if (this.state.status === 'closed') return;
    this.drop(1000);
    this.point = null; // a good-bye ends the session
    this.end(closedByClient);
  }

  private open(): void {
    this.stopWaiting();
    const socket = this.settings.webSocketFactory(this.settings.url, SUBPROTOCOL);
    this.socket = socket;
    this.timer = setTimeout(() => this.lost(noAnswer), this.settings.connectTimeoutMs);
    // A socket that was given up may still speak; only the current one is heard.
    socket.addEventListener('message', (event) => {
      if (this.socket === socket) this.received(event.data);
    });
    socket.addEventListener('close', (event) => {
      if (this.socket === socket) this.lost(reasonOfClose(event.code, event.reason) ?? network);
    });
    socket.addEventListener('error', () => undefined); // a close follows
  }

  private received(text: unknown): void {
    this.keepAlive.heard();
    const frame = readFrame(text);
    if (!frame) return this.lost(badAnswer);
    try {
      this.take(frame);
    } catch {
      // Handlers of the application are called safely, so it is the frame that is not as it should be.
      this.lost(badAnswer);
    }
  }

  private take(frame: ServerFrame): void {
    if (frame.type === 'welcome' && !this.isOpen) return this.welcomed(frame);
    if (frame.type === 'result' && frame.id === ownBindId) return this.bindRefused(frame);
    if (frame.type === 'messages' && this.point && frame.offset !== undefined) {
      this.point = { ...this.point, offset: frame.offset };
    }
    if (frame.type !== 'pong') this.handler.received(frame);
  }

  private bind(): void {
    const resume = this.point ?? (this.settings.resume || undefined);
    this.tell({ type: 'bind', id: ownBindId, ...this.identity, resume });
  }

  private welcomed(welcome: WelcomeFrame): void {
    if (welcome.clientId === null) return this.bind();
    // A client id that the broker assigned is asked for again, so that a reconnect is the same client.
    if (welcome.id === ownBindId) this.identity = { ...this.identity, clientId: welcome.clientId };
    this.maxFrameBytes = welcome.maxFrameBytes;
    this.openedAt = Date.now();
    clearTimeout(this.timer);
    this.keepAlive.start({
      intervalMs: Math.min(this.settings.pingIntervalMs, welcome.keepAliveMs / 3 || Infinity),
      timeoutMs: this.settings.pongTimeoutMs,
      ping: () => this.tell({ type: 'ping', offset: this.point?.offset }),
      dead: () => this.lost(noAnswer),
    });
    this.change({ status: 'open', clientId: welcome.clientId, attempt: 0 });
    this.handler.opened(this.continuityOf(welcome));
  }

  private continuityOf({ session, offset = 0, resumed = false, lost = 0 }: WelcomeFrame): Continuity {
    this.point = session === undefined ? null : { session, offset };
    const isBack = this.wasOpen;
    this.wasOpen = true;
    return { resumed, lost: resumed ? lost : isBack ? null : 0 };
  }

  private bindRefused(result: ResultFrame): void {
    if (result.error) this.lost(reasonOfRefusal(result.error));
  }

  private lost(reason: CloseReason): void {
    const wasGood = this.isOpen && Date.now() - this.openedAt >= lastedMs;
    this.drop();
    if (!backAgainAfter(reason)) return this.end(reason);
    const attempt = wasGood ? 1 : this.state.attempt + 1;
    const waitMs = backOffMs(attempt, this.settings.backOff);
    this.change({ status: 'reconnecting', reason, attempt, nextTryAt: Date.now() + waitMs });
    this.timer = setTimeout(() => this.tryAgain(), waitMs);
    globalThis.addEventListener?.('online', this.retryNow);
    this.handler.lost(reason, false);
  }

  private tryAgain(): void {
    this.change({ ...this.state, nextTryAt: null });
    this.openAgain();
  }

  /** Nobody is there to catch what the factory throws: it counts as a try that failed. */
  private openAgain(): void {
    try {
      this.open();
    } catch (error) {
      this.lost({ ...network, message: String(error) });
    }
  }

  private end(reason: CloseReason): void {
    this.stopWaiting();
    this.change({ status: 'closed', reason });
    this.handler.lost(reason, true);
  }

  private drop(code?: number): void {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timer);
    this.keepAlive.stop();
    // A dead link never finishes the closing handshake.
    if (code === undefined && socket?.terminate) socket.terminate();
    else socket?.close(code);
  }

  private stopWaiting(): void {
    clearTimeout(this.timer);
    globalThis.removeEventListener?.('online', this.retryNow);
  }

  private tell(frame: ClientFrame): void {
    this.write(JSON.stringify(frame));
  }

  private change(state: Partial<ConnectionState> & Pick<ConnectionState, 'status'>): void {
    this.state = { clientId: null, reason: null, attempt: 0, nextTryAt: null, ...state };
    this.handler.stateChanged();
  }
}

function readFrame(text: unknown): ServerFrame | null {
  if (typeof text !== 'string') return null;
  try {
    const frame = JSON.parse(text) as ServerFrame | null;
    return typeof frame?.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}
