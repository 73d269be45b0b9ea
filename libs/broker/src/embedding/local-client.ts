import { compilePolicy, isValidFilter, type Grants } from '@perch/policy';
import type { Broker } from '../broker.js';
import type { Message, MessageProperties, Qos } from '../message.js';
import type { Publisher, Route } from '../receipt.js';
import type { Refusal } from '../refusal.js';

/** A message as the program sees it. */
export interface LocalMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  /** It was there before the subscription. */
  readonly retain: boolean;
  readonly properties: MessageProperties | null;
  /** The client id of who published it. */
  readonly publisher: string;
}

/** How to publish. */
export interface LocalPublishOptions {
  readonly qos?: Qos;
  readonly retain?: boolean;
  readonly properties?: MessageProperties;
}

/** The broker did not take a message. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(readonly refusal: Refusal) {
    super(`The message was refused: ${refusal}.`);
  }
}

/**
 * A client inside the process, without a link: it is the program itself, so that no policy judges it, and presence does not
 * know it. It may publish everywhere but under `$SYS`.
 */
export class LocalClient implements Publisher {
  readonly grants: Grants;
  route: Route | null = null;
  private readonly stops = new Set<() => void>();

  constructor(
    private readonly broker: Broker,
    readonly clientId: string,
  ) {
    this.grants = everything.grantsFor({ clientId, username: null, address: null }, broker.clock.now());
  }

  /** Resolves when the message is where it is to go: with what must survive a crash kept. Rejects with a `PublishError`. */
  async publish(topic: string, payload: string | Uint8Array, options: LocalPublishOptions = {}): Promise<void> {
    const { refusal, durable } = this.broker.publish(this, this.messageOf(topic, payload, options));
    if (refusal) throw new PublishError(refusal);
    await durable;
  }

  /**
   * Calls the handler for each message that the filter matches, first with those that are retained; returns how to end
   * that. It is called within the publish: what it throws is reported, and what takes long holds the broker up.
   */
  subscribe(filter: string, handler: (message: LocalMessage) => void): () => void {
    if (!isValidFilter(filter)) throw new TypeError(`${filter} is no topic filter.`);
    const tell = (message: Message, retain: boolean): void => {
      const { topic, qos, properties, publisher } = message;
      try {
        handler({ topic, payload: Buffer.from(message.payload), qos, retain, properties, publisher });
      } catch (error) {
        this.broker.report(error, `a subscription of ${this.clientId}`);
      }
    };
    for (const message of this.broker.retained.search(filter)) if (message) tell(message, true);
    const unwatch = this.broker.watch(filter, (message) => tell(message, false));
    const stop = (): void => {
      if (this.stops.delete(stop)) unwatch();
    };
    this.stops.add(stop);
    return stop;
  }

  /** Ends all its subscriptions. */
  close(): void {
    for (const stop of this.stops) stop();
  }

  private messageOf(topic: string, payload: string | Uint8Array, options: LocalPublishOptions): Message {
    const { qos = 0, retain = false, properties = null } = options;
    return {
      topic,
      payload: Buffer.from(payload as string),
      qos,
      retain,
      properties,
      publisher: this.clientId,
      receivedAt: this.broker.clock.now(),
      expiresAt: null,
    };
  }
}

const everything = compilePolicy({
  rules: [
    {
      id: 'local',
      effect: 'allow',
      subject: 'everyone',
      value: '*',
      access: 'pub',
      topics: ['#'],
      enabled: true,
      mode: 'enforce',
      validUntil: null,
      note: '',
    },
  ],
  settings: { noMatch: 'deny', wildcardOverlap: 'exclude' },
});
