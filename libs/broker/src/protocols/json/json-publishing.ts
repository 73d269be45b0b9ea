import type { MessageResult, MessagesRequest, OutgoingMessage, PublishRequest, WireError } from '@perch/wire';
import type { Broker } from '../../broker.js';
import type { ClientConnection } from '../../connections/client-connection.js';
import type { Message } from '../../message.js';
import type { NoRoute } from '../../router.js';
import type { Session } from '../../session.js';
import { wireError } from './refusal-codes.js';

/** Answers a request: with an error, or with what came of each message. */
export type Answer = (id: number | null, error: WireError | null, results?: readonly MessageResult[]) => void;

/** Told what came of one message, once. */
type Settled = (error: WireError | null) => void;

const TOO_MANY: NoRoute = { refusal: 'receive-maximum-exceeded', ruleId: null, by: null };
const NOT_KEPT: NoRoute = { refusal: 'unavailable', ruleId: null, by: null };

/** Publishes for one client, single messages and batches, and answers as it asked to be answered. */
export class JsonPublishing {
  private readonly broker: Broker;
  /** Messages whose result waits for a commit. */
  private unacknowledged = 0;

  constructor(
    private readonly connection: ClientConnection,
    private readonly session: Session,
    private readonly answer: Answer,
  ) {
    this.broker = connection.broker;
  }

  /** A refusal is answered even where no answer was asked for. */
  publish(request: PublishRequest): void {
    const { id } = request;
    this.take(request, (error) => {
      if (error || id !== undefined) this.answer(id ?? null, error);
    });
  }

  /** Answered once, when all of it is settled. */
  publishAll({ id, messages }: MessagesRequest): void {
    const results: MessageResult[] = messages.map(() => ({}));
    let left = messages.length;
    let isRefused = false;
    const settledAt = (index: number): Settled => {
      return (error) => {
        if (error) results[index] = { error };
        isRefused ||= error !== null;
        if (--left === 0 && (isRefused || id !== undefined)) this.answer(id ?? null, null, results);
      };
    };
    this.takeFrom(messages, 0, settledAt);
  }

  /** In order, also where the authorizer has to be asked about one of them first. */
  private takeFrom(messages: readonly OutgoingMessage[], start: number, settledAt: (index: number) => Settled): void {
    for (let index = start; index < messages.length; index++) {
      const message = messages[index] as OutgoingMessage;
      if (!this.take(message, settledAt(index), () => this.takeFrom(messages, index + 1, settledAt))) return;
    }
  }

  /** False when the authorizer is asked first; `goOn` runs when it has answered and the message was taken. */
  private take(outgoing: OutgoingMessage, settled: Settled, goOn?: () => void): boolean {
    if (this.unacknowledged >= this.broker.limits.receiveMaximum) {
      this.refuse(outgoing.topic, TOO_MANY, settled);
      return true;
    }
    const message = this.messageOf(outgoing);
    const { refusal, ruleId, by, question, durable, strains } = this.broker.publish(this.session, message);
    if (refusal && question) {
      this.connection.publishWhenAsked(question, message.payload.length, () => {
        if (this.take(outgoing, settled, goOn)) goOn?.();
      });
      return false;
    }
    this.session.messagesIn++;
    this.connection.brake.published(message.payload.length, strains);
    if (refusal) this.refuse(outgoing.topic, { refusal, ruleId, by }, settled);
    else if (durable) this.settleWhenDurable(outgoing.topic, durable, settled);
    else settled(null);
    return true;
  }

  private settleWhenDurable(topic: string, durable: Promise<void>, settled: Settled): void {
    this.unacknowledged++;
    durable.then(
      () => {
        this.unacknowledged--;
        settled(null);
      },
      () => {
        this.unacknowledged--;
        this.refuse(topic, NOT_KEPT, settled);
      },
    );
  }

  private refuse(topic: string, why: NoRoute, settled: Settled): void {
    const { refusals } = this.broker;
    refusals.of(this.session, { ...why, action: 'publish', topic });
    settled(wireError(why.refusal, refusals.reason));
  }

  private messageOf(outgoing: OutgoingMessage): Message {
    return {
      topic: outgoing.topic,
      payload: Buffer.from(outgoing.payload, outgoing.encoding ?? 'utf8'),
      qos: outgoing.qos ?? 0,
      retain: outgoing.retain ?? false,
      properties: null,
      publisher: this.session.clientId,
      receivedAt: this.broker.clock.now(),
      expiresAt: null,
    };
  }
}
