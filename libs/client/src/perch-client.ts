import type { MessageResult, MessagesFrame, ResultFrame, ServerFrame } from '@perch/wire';
import { callSafely } from './call-safely.js';
import { Connection, type Continuity } from './connection.js';
import type { CloseReason, ConnectionState } from './connection-state.js';
import { settingsOf, type Auth, type ConnectOptions, type Settings } from './options.js';
import { encodePayload } from './payload.js';
import { errorOf, PerchError } from './perch-error.js';
import { isLonger, Requests } from './requests.js';
import {
  oneByOne,
  Subscriber,
  type BatchHandler,
  type MessageHandler,
  type SubscribeOptions,
  type Subscription,
} from './subscription.js';
import { Subscriptions } from './subscriptions.js';

/** How to publish. */
export interface PublishOptions {
  /** With 1 the answer follows after everything that must be durable is committed. Default 0. */
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

/** One message to publish. */
export interface OutgoingMessage extends PublishOptions {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

/** Connects to a Perch broker and stays connected until `close`. Throws only where there is no WebSocket or no such URL. */
export function connect(url: string, options: ConnectOptions = {}): PerchClient {
  return new PerchClient(url, options);
}

/** One client of the broker. Made by `connect`. */
export class PerchClient {
  private readonly settings: Settings;
  private readonly connection: Connection;
  private readonly requests: Requests;
  private readonly subscriptions: Subscriptions;
  private readonly stateListeners = new Set<(state: ConnectionState) => void>();

  constructor(url: string, options: ConnectOptions) {
    this.settings = settingsOf(url, options);
    this.connection = new Connection({ auth: options.auth, clientId: options.clientId }, this.settings, {
      opened: (continuity) => this.linkOpened(continuity),
      lost: (reason, isFinal) => this.linkLost(reason, isFinal),
      received: (frame) => this.received(frame),
      stateChanged: () => this.stateListeners.forEach((listener) => callSafely(listener, this.state)),
    });
    this.requests = new Requests(this.connection, this.settings);
    this.subscriptions = new Subscriptions(this.connection, this.requests, this.settings.onError);
    this.connection.start();
  }

  /** What the connection is doing. The same object until it changes. */
  get state(): ConnectionState {
    return this.connection.state;
  }

  /** Calls the listener at each change of state, until the returned function is called. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.stateListeners.add(listener);
    return () => {
      this.stateListeners.delete(listener);
    };
  }

  /** Resolves with the client id once the connection is open; rejects when it is closed for good. */
  opened(): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = ({ status, clientId, reason }: ConnectionState): void => {
        if (status === 'open') resolve(clientId ?? '');
        else if (status === 'closed') reject(errorOf(reason, true));
        else return;
        stop();
      };
      const stop = this.onState(settle);
      settle(this.state);
    });
  }

  /**
   * Takes other credentials: on this connection when it is open, otherwise with a new one. Subscriptions that they do not
   * cover end. Where they are refused on an open connection, everything stays as it was.
   */
  async bind(auth: Auth): Promise<void> {
    if (this.connection.isOpen) demandOk(await this.requests.ask({ type: 'bind', auth }));
    this.connection.identity = { ...this.connection.identity, auth };
    this.reconnect();
    await this.opened();
  }

  /** Hands each message that matches the filter to the handler. */
  subscribe(filter: string, handler: MessageHandler, options: SubscribeOptions = {}): Subscription {
    return this.subscribeBatches(filter, oneByOne(handler), options);
  }

  /** As `subscribe`, with all matching messages of one frame in one call: for feeds of thousands a second. */
  subscribeBatches(filter: string, handler: BatchHandler, options: SubscribeOptions = {}): Subscription {
    const subscriber = new Subscriber(handler, options);
    if (this.state.status === 'closed') subscriber.failed(errorOf(this.state.reason, true));
    this.subscriptions.add(filter, subscriber);
    return { filter, ready: subscriber.ready, unsubscribe: () => this.subscriptions.remove(filter, subscriber) };
  }

  /** Publishes and waits for the broker's answer. While the connection is away the message waits, within the bounds. */
  async publish(topic: string, payload: string | Uint8Array, options: PublishOptions = {}): Promise<void> {
    if (this.state.status === 'closed') throw errorOf(this.state.reason, true);
    demandOk(await this.requests.ask({ type: 'publish', topic, ...encodePayload(payload), ...options }));
  }

  /**
   * Publishes up to 1,000 messages in one frame, in order. Resolves with what came of each: null, or why it was refused;
   * rejects when none of them was judged.
   */
  async publishAll(messages: readonly OutgoingMessage[]): Promise<(PerchError | null)[]> {
    if (this.state.status === 'closed') throw errorOf(this.state.reason, true);
    const encoded = messages.map(({ payload, ...more }) => ({ ...more, ...encodePayload(payload) }));
    const result = await this.requests.ask({ type: 'messages', messages: encoded });
    if (!result.results) demandOk(result);
    return (result.results ?? []).map(({ error }: MessageResult) =>
      error ? new PerchError(error.code, error.message) : null,
    );
  }

  /**
   * Publishes with QoS 0 and waits for nothing. False when it was not sent: not open, too large, or the socket is full.
   * A refusal is told to `onError`.
   */
  send(topic: string, payload: string | Uint8Array, options: Pick<PublishOptions, 'retain'> = {}): boolean {
    const text = JSON.stringify({ type: 'publish', topic, ...encodePayload(payload), ...options });
    const { isOpen, bufferedBytes, maxFrameBytes } = this.connection;
    if (!isOpen || bufferedBytes > this.settings.maxPendingBytes || isLonger(text, maxFrameBytes)) return false;
    this.connection.write(text);
    return true;
  }

  /** Tries now instead of at the next planned time; brings a closed connection back. */
  reconnect(): void {
    this.connection.retryNow();
  }

  /** Ends the connection. Subscriptions are kept and come back with `reconnect`. */
  close(): void {
    this.connection.close();
  }

  private linkOpened(continuity: Continuity): void {
    this.subscriptions.opened(continuity);
    this.requests.opened();
    this.tellLost(continuity.lost);
  }

  private tellLost(count: number | null): void {
    if (count !== 0) callSafely(this.settings.onLost, count);
  }

  private deliver({ messages, lost = 0 }: MessagesFrame): void {
    this.tellLost(lost);
    this.subscriptions.deliver(messages);
  }

  private linkLost(reason: CloseReason, isFinal: boolean): void {
    const error = errorOf(reason, isFinal);
    this.subscriptions.lost(error, isFinal);
    this.requests.lost(error, isFinal);
  }

  private received(frame: ServerFrame): void {
    switch (frame.type) {
      case 'messages':
        return this.deliver(frame);
      case 'revoked':
        return this.subscriptions.revoked(frame.filters);
      case 'welcome':
        return this.requests.answered({ type: 'result', id: frame.id ?? null, ok: true });
      case 'result':
        return this.answered(frame);
      default: // a later version's frame
    }
  }

  private answered(result: ResultFrame): void {
    if (result.id !== null) return this.requests.answered(result);
    if (result.error) callSafely(this.settings.onError, new PerchError(result.error.code, result.error.message));
  }
}

function demandOk(result: ResultFrame): void {
  if (result.ok) return;
  throw new PerchError(result.error?.code ?? 'internal-error', result.error?.message ?? 'Refused.');
}
