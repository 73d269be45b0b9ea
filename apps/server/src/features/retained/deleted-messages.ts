import { Injectable } from '@nestjs/common';
import { type Message, sizeOf } from '@perch/broker';

/** A little longer than the dashboard offers to undo. */
const KEPT_MS = 60_000;
const MOST = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

interface Deleted {
  readonly message: Message;
  readonly at: number;
}

/** Retained messages that operators deleted a moment ago, whole, so that they can be put back. The oldest go first. */
@Injectable()
export class DeletedMessages {
  private readonly byTopic = new Map<string, Deleted>();
  private bytes = 0;

  keep(message: Message): void {
    this.take(message.topic);
    this.byTopic.set(message.topic, { message, at: Date.now() });
    this.bytes += sizeOf(message);
    for (const [topic, { at }] of this.byTopic) {
      const hasRoom = this.byTopic.size <= MOST && this.bytes <= MOST_BYTES;
      if (hasRoom && Date.now() - at < KEPT_MS) return;
      this.take(topic);
    }
  }

  /** The message, which is no longer kept here; null where it was not, or has expired itself. */
  take(topic: string): Message | null {
    const deleted = this.byTopic.get(topic);
    if (!deleted) return null;
    this.byTopic.delete(topic);
    const { message, at } = deleted;
    this.bytes -= sizeOf(message);
    const now = Date.now();
    const isOver = now - at >= KEPT_MS || (message.expiresAt !== null && message.expiresAt <= now);
    return isOver ? null : message;
  }
}
