import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Message } from '@perch/broker';
import { isValidFilter } from '@perch/policy';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { AttemptLimiter } from '../../policy/attempt-limiter.js';
import { AuditService } from '../audit/audit.service.js';
import { contentOf } from '../publish/message.schemas.js';
import { PublishService } from '../publish/publish.service.js';
import { DeletedMessages } from './deleted-messages.js';
import { itemOf, messageOf } from './retained-answers.js';
import type { MessageQuery, RetainedInput, RetainedMessage, RetainedPage, RetainedQuery } from './retained.schemas.js';

/** Shows what topics keep. Changes are published, so that subscribers see them. */
@Injectable()
export class RetainedService {
  /** Who has read what of late. */
  private readonly told = new AttemptLimiter({ attempts: 1, windowMs: 600_000, keys: 10_000 });

  constructor(
    private readonly broker: Broker,
    private readonly publisher: PublishService,
    private readonly audit: AuditService,
    private readonly deleted: DeletedMessages,
  ) {}

  async list({ filter, limit, after }: RetainedQuery): Promise<RetainedPage> {
    assertFilter(filter);
    const { retained } = this.broker;
    const found: Message[] = [];
    for (const message of retained.searchInOrder(filter, decodeCursor(after))) {
      if (!message) await setImmediate();
      else if (found.push(message) > limit) break;
    }
    const { items, next } = cutPage(found, limit, ({ topic }) => topic);
    return { items: items.map(itemOf), next, total: retained.count(filter) };
  }

  /** How many the filter matches; looks at them all where it has to, and lets others work meanwhile. */
  async count(filter: string): Promise<number> {
    assertFilter(filter);
    const { retained } = this.broker;
    const known = retained.count(filter);
    if (known !== null) return known;
    let count = 0;
    for (const message of retained.search(filter)) {
      if (message) count += 1;
      else await setImmediate();
    }
    return count;
  }

  /** The message, for somebody who then knows what it says: that is in the audit log, once in ten minutes. */
  async read({ topic, maxPayloadBytes }: MessageQuery, actor: Actor): Promise<RetainedMessage> {
    const message = messageOf(this.find(topic), maxPayloadBytes);
    const key = `${actor.name} ${topic}`;
    if (this.told.blockedForMs(key) > 0) return message;
    await this.audit.record(actor, { action: 'retained.read', object: `topic/${topic}` });
    this.told.count(key);
    return message;
  }

  /** 404 when the topic keeps nothing. */
  get(topic: string): RetainedMessage {
    return messageOf(this.find(topic));
  }

  async put(topic: string, { qos, ...input }: RetainedInput, actor: Actor): Promise<RetainedMessage> {
    const message = { topic, qos, retain: true, ...contentOf(input) };
    await this.publisher.publish(message, { action: 'retained.put', actor });
    return this.get(topic);
  }

  /** What it was can be restored for a minute. */
  async remove(topic: string, actor: Actor): Promise<void> {
    const message = this.find(topic);
    // QoS 1, so that the reply waits for the commit [MQTT-3.3.1-10].
    const empty = { topic, payload: Buffer.alloc(0), qos: 1 as const, retain: true };
    await this.publisher.publish(empty, { action: 'retained.remove', actor });
    this.deleted.keep(message);
  }

  /** Publishes what was deleted with all that it had. 404 when that is too long ago, 409 when there is something new. */
  async restore(topic: string, actor: Actor): Promise<RetainedMessage> {
    if (this.broker.retained.get(topic))
      throw new ApiError('retained-again', 'A newer message was published meanwhile.');
    const message = this.deleted.take(topic);
    if (!message) throw new ApiError('not-found', 'What was deleted is no longer kept.');
    const { payload, qos, properties, expiresAt } = message;
    const again = { topic, payload, qos, retain: true, properties, expiresAt };
    try {
      await this.publisher.publish(again, { action: 'retained.restore', actor });
    } catch (error) {
      this.deleted.keep(message);
      throw error;
    }
    return this.get(topic);
  }

  private find(topic: string): Message {
    const message = this.broker.retained.get(topic);
    if (!message) throw new ApiError('not-found', 'This topic keeps no message.');
    return message;
  }
}

/** 400 for what is no topic filter. */
export function assertFilter(filter: string): void {
  if (isValidFilter(filter)) return;
  throw new ApiError('bad-request', 'This is not a topic filter.', {
    errors: [{ path: 'filter', message: 'must be an MQTT topic filter' }],
  });
}
