import { Injectable } from '@nestjs/common';
import { Broker, publishAllFor, publishFor, type PublishRefusal, reasonCodeIn, refusalFor } from '@perch/broker';
import { publishRefused } from '../../broker/callers/call-refused.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AuditService } from '../audit/audit.service.js';
import { brokerMessage, type NewMessage } from './publish-messages.js';
import type { Published, PublishedBatch } from './publish.schemas.js';
import { operatorCaller, type Sender } from './sender.js';

/** Who publishes, and what the audit log calls it. */
export interface Occasion {
  readonly action: string;
  readonly actor: Actor;
}

const NO_MATCHING_SUBSCRIBERS = 16;
/** Of a batch, so many topics are named in the audit log. */
const AUDITED_TOPICS = 20;

/** Publishes as a client of the broker: judged, of operators audited, and kept before it returns. */
@Injectable()
export class PublishService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  /** For an operator or an API key. */
  async publish(message: NewMessage, { action, actor }: Occasion): Promise<Published> {
    this.assertAllowed(message, actor);
    const { topic, payload, qos, retain } = message;
    await this.audit.record(actor, { action, object: `topic/${topic}`, after: { bytes: payload.length, qos, retain } });
    return this.send(message, actor);
  }

  /** Throws where the message could not be published; counts nothing as sent. */
  assertAllowed(message: NewMessage, actor: Actor): void {
    const caller = operatorCaller(actor);
    const refusal = refusalFor(this.broker, caller, brokerMessage(message, caller.clientId));
    if (refusal) throw problemOf(refusal, actor);
  }

  /** The same for one of many, which are in the audit log as a whole. */
  send(message: NewMessage, actor: Actor): Promise<Published> {
    return this.sendFor(message, { caller: operatorCaller(actor), actor });
  }

  /** For whoever asks: an operator's message is in the audit log. */
  async publishFor(message: NewMessage, sender: Sender): Promise<Published> {
    const { actor, door } = sender;
    const taken = await (actor
      ? this.publish(message, { action: 'publish.message', actor })
      : this.sendFor(message, sender));
    if (door) door.messages++;
    return taken;
  }

  /** All of them in their order. What is refused of it keeps nothing else back. */
  async publishAllFor(messages: readonly NewMessage[], { caller, actor, door }: Sender): Promise<PublishedBatch> {
    if (actor) await this.auditBatch(messages, actor);
    const all = messages.map((message) => brokerMessage(message, caller.clientId));
    const results = (await publishAllFor(this.broker, caller, all)).map((outcome) => {
      if (outcome.refusal === null) return { ...published(outcome.delivered), problem: null };
      const { code, detail } = problemOf(outcome, actor);
      door?.refuse(code);
      return { delivered: 0, reasonCode: reasonCodeIn('puback', outcome.refusal), problem: { code, detail } };
    });
    const refused = results.filter(({ problem }) => problem !== null).length;
    if (door) door.messages += results.length - refused;
    return { published: results.length - refused, refused, results };
  }

  private async sendFor(message: NewMessage, { caller, actor }: Pick<Sender, 'caller' | 'actor'>): Promise<Published> {
    const outcome = await publishFor(this.broker, caller, brokerMessage(message, caller.clientId));
    if (outcome.refusal) throw problemOf(outcome, actor);
    return published(outcome.delivered);
  }

  private auditBatch(messages: readonly NewMessage[], actor: Actor): Promise<void> {
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    const bytes = messages.reduce((sum, { payload }) => sum + payload.length, 0);
    const after = { messages: messages.length, bytes, topics: topics.slice(0, AUDITED_TOPICS) };
    return this.audit.record(actor, { action: 'publish.batch', object: `topics/${topics.length}`, after });
  }
}

function published(delivered: number): Published {
  return { delivered, reasonCode: delivered === 0 ? NO_MATCHING_SUBSCRIBERS : 0 };
}

/** Operators are under no policy: they are told what holds for everybody. */
function problemOf(outcome: PublishRefusal, actor: Actor | null): ApiError {
  if (!actor || outcome.refusal !== 'not-authorized') return publishRefused(outcome);
  const reasonCode = reasonCodeIn('puback', outcome.refusal);
  return new ApiError('not-allowed', 'Only the broker itself publishes there.', { reasonCode });
}
