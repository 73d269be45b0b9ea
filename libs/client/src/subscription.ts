import type { FilterRequest, WireMessage } from '@perch/wire';
import { callSafely } from './call-safely.js';
import type { PerchError } from './perch-error.js';

/** Takes messages in the order they were delivered, one at a time. */
export type MessageHandler = (message: WireMessage) => void;

/** Takes at once all messages of one frame that match. */
export type BatchHandler = (messages: readonly WireMessage[]) => void;

/** How to subscribe. */
export interface SubscribeOptions {
  /**
   * Whether retained messages come: 0 always (default), 1 only when nobody here had this filter yet, 2 never.
   * The broker replays to the connection: handlers of overlapping filters see those messages too, unless theirs is 2.
   */
  readonly retainHandling?: FilterRequest['retainHandling'];
  /** The broker has said yes: at first, and again after a reconnect in which something may have been missed. */
  readonly onReady?: () => void;
  /**
   * The subscription is over, and it was not you: refused now or after a reconnect, or revoked by an operator's change.
   */
  readonly onEnded?: (error: PerchError) => void;
}

/** One handler's interest in one filter. It outlives reconnects. */
export interface Subscription {
  readonly filter: string;
  /** Resolves when the broker has said yes; rejects with the refusal. Ignoring it is fine: `onEnded` tells too. */
  readonly ready: Promise<void>;
  /** The handler is not called again. */
  unsubscribe(): void;
}

/** The subscription as its registry sees it. */
export class Subscriber {
  readonly ready: Promise<void>;
  readonly retainHandling: 0 | 1 | 2;
  private readonly answer = deferred();
  private isAccepted = false;

  constructor(
    private readonly handler: BatchHandler,
    private readonly options: SubscribeOptions,
  ) {
    this.retainHandling = options.retainHandling ?? 0;
    this.ready = this.answer.promise;
    // `ready` may be ignored; an ignored rejection would end a Node process.
    this.ready.catch(() => undefined);
  }

  accepted(): void {
    if (this.isAccepted) return;
    this.isAccepted = true;
    this.answer.resolve();
    if (this.options.onReady) callSafely(this.options.onReady, undefined);
  }

  /** The connection is gone, and with it the broker's yes. */
  lost(): void {
    this.isAccepted = false;
  }

  /** Not now; it is asked again when the connection comes back. */
  failed(error: PerchError): void {
    this.answer.reject(error);
  }

  ended(error: PerchError): void {
    this.answer.reject(error);
    if (this.options.onEnded) callSafely(this.options.onEnded, error);
  }

  deliver(messages: readonly WireMessage[]): void {
    const wanted = this.retainHandling === 2 ? withoutRetained(messages) : messages;
    if (wanted.length > 0) callSafely(this.handler, wanted);
  }
}

/** Makes a batch handler of one that takes single messages. */
export function oneByOne(handler: MessageHandler): BatchHandler {
  return (messages) => {
    for (const message of messages) callSafely(handler, message);
  };
}

function withoutRetained(messages: readonly WireMessage[]): readonly WireMessage[] {
  return messages.some((message) => message.retain) ? messages.filter((message) => !message.retain) : messages;
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: PerchError) => void } {
  let resolve = (): void => undefined;
  let reject: (error: PerchError) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
