import type { Message } from '../message.js';

/** Keeps retained messages across restarts. The broker's own index answers; a store only remembers. */
export interface RetainedStore {
  /** Calls `take` for each message kept, in any order. Expired ones may be left out. */
  load(take: (message: Message) => void): Promise<void>;

  /**
   * Remembers the message as its topic's value, or forgets the topic when the payload is empty [MQTT-3.3.1-10].
   * Later calls for a topic win. Resolves once the change would survive a crash;
   * rejects when it will not be kept (the store's bound is reached while its backend is away).
   */
  keep(message: Message): Promise<void>;

  /** Resolves when everything kept so far is durable, and frees what the store holds. */
  close(): Promise<void>;
}
