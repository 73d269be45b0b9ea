import type {
  BindRequest,
  ClientFrame,
  MessagesRequest,
  PublishRequest,
  ResultFrame,
  SubscribeRequest,
  UnsubscribeRequest,
} from '@perch/wire';
import type { Connection } from './connection.js';
import type { Settings } from './options.js';
import { PerchError } from './perch-error.js';

/** A frame that is answered; its id is added here. */
export type Request =
  | Omit<BindRequest, 'id'>
  | Omit<SubscribeRequest, 'id'>
  | Omit<UnsubscribeRequest, 'id'>
  | Omit<PublishRequest, 'id'>
  | Omit<MessagesRequest, 'id'>;

interface Pending {
  readonly text: string;
  readonly deadline: number;
  isSent: boolean;
  resolve(result: ResultFrame): void;
  reject(error: PerchError): void;
}

/** Sends requests and pairs them with their answers. Those made while the connection is away wait for it. */
export class Requests {
  private readonly pending = new Map<number, Pending>();
  private pendingLength = 0;
  private lastId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly settings: Settings,
  ) {}

  /** Resolves with the answer, whether it says yes or no. */
  ask(request: Request): Promise<ResultFrame> {
    const id = ++this.lastId;
    const text = JSON.stringify({ ...request, id } satisfies ClientFrame);
    const { maxPendingRequests, maxPendingBytes, requestTimeoutMs } = this.settings;
    if (this.pending.size >= maxPendingRequests || this.pendingLength + text.length > maxPendingBytes) {
      return Promise.reject(new PerchError('queue-full', 'Too many requests are waiting for an answer.'));
    }
    return new Promise((resolve, reject) => {
      this.pending.set(id, { text, deadline: Date.now() + requestTimeoutMs, isSent: false, resolve, reject });
      this.pendingLength += text.length;
      this.watch();
      if (this.connection.isOpen) this.transmit(id);
    });
  }

  /** Sends what waited for the connection. */
  opened(): void {
    for (const [id, pending] of this.pending) if (!pending.isSent) this.transmit(id);
  }

  /** Fails what can have no answer any more: everything sent, and when the loss is final everything. */
  lost(error: PerchError, final: boolean): void {
    for (const [id, pending] of this.pending) if (final || pending.isSent) this.take(id)?.reject(error);
  }

  answered(result: ResultFrame): void {
    if (result.id !== null) this.take(result.id)?.resolve(result);
  }

  private transmit(id: number): void {
    const pending = this.pending.get(id);
    if (!pending) return;
    if (isLonger(pending.text, this.connection.maxFrameBytes)) return this.take(id)?.reject(tooLarge());
    pending.isSent = true;
    this.connection.write(pending.text);
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    if (pending && this.pending.delete(id)) this.pendingLength -= pending.text.length;
    if (this.pending.size === 0) this.stopWatching(); // nothing may keep a process alive that has nothing to wait for
    return pending;
  }

  /** One timer for all: the oldest has the nearest deadline. */
  private watch(): void {
    if (this.timer !== undefined) return;
    const [oldest] = this.pending.values();
    if (oldest) this.timer = setTimeout(() => this.expire(), Math.max(0, oldest.deadline - Date.now()));
  }

  private stopWatching(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private expire(): void {
    this.stopWatching();
    for (const [id, pending] of this.pending) {
      if (pending.deadline > Date.now()) break;
      this.take(id)?.reject(new PerchError('timeout', 'The server did not answer in time.'));
    }
    this.watch();
  }
}

/** The error for a frame that the broker would not take. */
export function tooLarge(): PerchError {
  return new PerchError('too-large', 'The frame is larger than the server takes.');
}

/** Whether the text is longer than so many bytes of UTF-8. */
export function isLonger(text: string, maxBytes: number): boolean {
  // A UTF-16 unit is at most three bytes, so that most texts need no counting.
  return text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes;
}
