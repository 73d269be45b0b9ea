import { Injectable } from '@nestjs/common';
import { Broker, type MessageProperties, type Qos, type Receipt, type Refusal, sizeOf } from '@perch/broker';
import { type Grants, isValidTopic } from '@perch/policy';
import type { Config } from '../../config/config.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { operatorClientId, operatorGrants } from '../../policy/operator-grants.js';
import { AuditService } from '../audit/audit.service.js';
import { contentOf } from './message.schemas.js';
import type { Publication, Published } from './publish.schemas.js';

/** What an operator publishes. */
export interface OperatorMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties?: MessageProperties | null;
  /** In ms since the epoch; left out or null: never. */
  readonly expiresAt?: number | null;
}

/** Who publishes, and what the audit log calls it. */
export interface Occasion {
  readonly action: string;
  readonly actor: Actor;
}

/** Why the broker said no, and which rule. */
type Refused = Pick<Receipt, 'ruleId' | 'by'> & { readonly refusal: Refusal };

const NOT_JUDGED = { ruleId: null, by: null };

/** Publishes for operators, as a client of the broker: judged, audited, and kept before it returns. */
@Injectable()
export class PublishService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    @InjectConfig() private readonly config: Config,
  ) {}

  async publish(message: OperatorMessage, { action, actor }: Occasion): Promise<Published> {
    this.assertAllowed(message, actor);
    const { topic, payload, qos, retain } = message;
    await this.audit.record(actor, { action, object: `topic/${topic}`, after: { bytes: payload.length, qos, retain } });
    return this.send(message, actor);
  }

  /** The same for one of many, which are in the audit log as a whole. */
  async send(message: OperatorMessage, actor: Actor): Promise<Published> {
    const grants = this.assertAllowed(message, actor);
    const publisher = operatorClientId(actor.name);
    const receipt = this.broker.publish(
      { clientId: publisher, grants },
      { properties: null, expiresAt: null, ...message, publisher, receivedAt: Date.now() },
    );
    if (receipt.refusal) throw this.refused(message.topic, grants, { ...receipt, refusal: receipt.refusal });
    return settle(receipt);
  }

  /** Throws where the message could not be published; counts nothing as sent. */
  assertAllowed(message: OperatorMessage, actor: Actor): Grants {
    const { topic } = message;
    const grants = operatorGrants(actor.name, actor.address);
    if (!isValidTopic(topic)) throw this.refused(topic, grants, { refusal: 'invalid-topic', ...NOT_JUDGED });
    this.assertFits(message);
    const verdict = grants.publish(topic);
    if (!verdict.allowed)
      throw this.refused(topic, grants, { refusal: 'not-authorized', ruleId: verdict.ruleId, by: verdict.by });
    return grants;
  }

  private refused(topic: string, { identity }: Grants, { refusal, ruleId, by }: Refused): ApiError {
    const { clientId, username, address } = identity;
    const who = { clientId, username, address, labels: [], protocol: 'http' };
    this.broker.refusals.ofPublish(who, { refusal, topic, ruleId, by });
    return refusalOf(refusal);
  }

  private assertFits({ payload, properties = null }: OperatorMessage): void {
    if (sizeOf({ payload, properties }) <= this.config.maxPacketBytes) return;
    throw new ApiError('too-large', `A message may have ${this.config.maxPacketBytes} bytes.`);
  }
}

/** The message that a request describes. */
export function messageFrom({ topic, qos, retain, ...input }: Publication): OperatorMessage {
  return { topic, qos, retain, ...contentOf(input) };
}

/** The broker reuses its receipt: what is needed is taken before anything else happens. */
async function settle({ delivered, durable }: Receipt): Promise<Published> {
  await durable?.catch(() => {
    throw new ApiError(
      'unavailable',
      'The message was sent, but the database did not keep it. Publish it again later.',
    );
  });
  return { delivered };
}

function refusalOf(refusal: Refusal): ApiError {
  switch (refusal) {
    case 'invalid-topic':
      return new ApiError('invalid-fields', 'This is not a topic that can be published to.', {
        errors: [
          { path: 'topic', message: 'must be a topic without wildcards, of as many levels as the broker takes' },
        ],
      });
    case 'not-authorized':
      return new ApiError('not-allowed', 'Only the broker itself publishes there.');
    default:
      return new ApiError('unavailable', `The broker does not take the message now: ${refusal}.`);
  }
}
