import { Injectable } from '@nestjs/common';
import { Broker, type MessageProperties, type Qos, type Receipt, type Refusal } from '@perch/broker';
import { isValidTopic } from '@perch/policy';
import type { Config } from '../../config/config.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { operatorClientId, operatorGrants } from '../../policy/operator-grants.js';
import { AuditService } from '../audit/audit.service.js';
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
    const { topic, payload, qos, retain } = message;
    const grants = operatorGrants(actor.name, actor.address);
    const refuse = (refusal: Refusal, verdict: Pick<Receipt, 'ruleId' | 'by'> = NOT_JUDGED) => {
      const { clientId, username, address } = grants.identity;
      const { ruleId, by } = verdict;
      const who = { clientId, username, address, labels: [], protocol: 'http' };
      this.broker.refusals.ofPublish(who, { refusal, topic, ruleId, by });
      return refusalOf(refusal);
    };
    if (!isValidTopic(topic)) throw refuse('invalid-topic');
    this.assertFits(message);
    const verdict = grants.publish(topic);
    if (!verdict.allowed) throw refuse('not-authorized', verdict);
    const after = { bytes: payload.length, qos, retain };
    await this.audit.record(actor, { action, object: `topic/${topic}`, after });
    const publisher = operatorClientId(actor.name);
    const receipt = this.broker.publish(
      { clientId: publisher, grants },
      { properties: null, expiresAt: null, ...message, publisher, receivedAt: Date.now() },
    );
    if (receipt.refusal) throw refuse(receipt.refusal, receipt);
    return settle(receipt);
  }

  private assertFits({ payload }: OperatorMessage): void {
    if (payload.length <= this.config.maxPacketBytes) return;
    throw new ApiError('too-large', `A payload may have ${this.config.maxPacketBytes} bytes.`);
  }
}

/** The message that a request describes. */
export function messageFrom({ topic, payload, encoding, qos, retain }: Publication): OperatorMessage {
  return { topic, payload: Buffer.from(payload, encoding), qos, retain };
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
