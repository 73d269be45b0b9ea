import type { Message } from '../message.js';
import type { RetainedStore } from './retained-store.js';

/** Remembers retained messages as long as the object lives: for one process, and as the model of what a store does. */
export class MemoryRetainedStore implements RetainedStore {
  private readonly messages = new Map<string, Message>();

  async load(take: (message: Message) => void): Promise<void> {
    for (const message of this.messages.values()) take(message);
  }

  async keep(message: Message): Promise<void> {
    if (message.payload.length > 0) this.messages.set(message.topic, message);
    else this.messages.delete(message.topic);
  }

  async close(): Promise<void> {}
}
