import type {
  BindRequest,
  ClientFrame,
  FilterRequest,
  FilterResult,
  PublishRequest,
  ServerFrame,
  SubscribeRequest,
  UnsubscribeRequest,
} from '@perch/wire';
import type { Question } from '../../access/answers.js';
import { newBrake, type Brake } from '../../brake.js';
import type { Broker } from '../../broker.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { Message } from '../../message.js';
import type { Outbox } from '../../outbox.js';
import type { NoRoute } from '../../router.js';
import type { Session } from '../../session.js';
import { Subscription } from '../../subscription.js';
import { wireError } from './refusal-codes.js';

const PONG = textFrame({ type: 'pong' });

/** What an exchange is made with. */
export interface JsonExchangeOptions {
  readonly outbox: Outbox;
  /** Told when the client may be read again. */
  readonly released: () => void;
  /** Takes nothing more until it is answered, and then goes on with this. */
  readonly waitFor: (answered: Promise<void>, goOn: () => void) => void;
}

/** The requests of a client that is bound, one method each. */
export class JsonExchange {
  private readonly outbox: Outbox;
  private readonly brake: Brake;
  /** Publishes whose result waits for a commit. */
  private unacknowledged = 0;

  constructor(
    private readonly broker: Broker,
    private readonly session: Session,
    private readonly options: JsonExchangeOptions,
  ) {
    const { outbox, released } = options;
    this.outbox = outbox;
    this.brake = newBrake(broker, released);
  }

  /** The client is not to be read now: it publishes faster than it may, or than anybody listens. */
  get isHeld(): boolean {
    return this.brake.isHeld;
  }

  /** The connection has ended. */
  end(): void {
    this.brake.end();
  }

  /** Answers one request. */
  take(frame: Exclude<ClientFrame, BindRequest>): void {
    switch (frame.type) {
      case 'publish':
        return this.publish(frame);
      case 'subscribe':
        return this.subscribeWhenAsked(frame);
      case 'unsubscribe':
        return this.unsubscribe(frame);
      case 'ping':
        return this.outbox.push(PONG, 0);
    }
  }

  private publish(request: PublishRequest): void {
    if (this.unacknowledged >= this.broker.limits.receiveMaximum) {
      return this.publishRefused(request, { refusal: 'receive-maximum-exceeded', ruleId: null, by: null });
    }
    const message = this.messageOf(request);
    const { refusal, ruleId, by, question, durable, strains } = this.broker.publish(this.session, message);
    if (refusal && question) return this.publishWhenAsked(request, message, question);
    this.session.messagesIn++;
    this.brake.published(message.payload.length, strains);
    if (refusal) return this.publishRefused(request, { refusal, ruleId, by });
    if (durable) return this.publishedWhenDurable(request, durable);
    this.published(request);
  }

  /** It has not been taken yet, and is counted when it is. */
  private publishWhenAsked(request: PublishRequest, { payload }: Message, question: Question): void {
    const { counters, access } = this.broker;
    counters.messagesReceived--;
    counters.payloadBytesReceived -= payload.length;
    this.options.waitFor(access.ask(this.session, [question]), () => this.publish(request));
  }

  private messageOf(request: PublishRequest): Message {
    return {
      topic: request.topic,
      payload: Buffer.from(request.payload, request.encoding ?? 'utf8'),
      qos: request.qos ?? 0,
      retain: request.retain ?? false,
      properties: null,
      publisher: this.session.clientId,
      receivedAt: this.broker.clock.now(),
      expiresAt: null,
    };
  }

  private publishedWhenDurable(request: PublishRequest, durable: Promise<void>): void {
    this.unacknowledged++;
    durable.then(
      () => {
        this.unacknowledged--;
        this.published(request);
      },
      () => {
        this.unacknowledged--;
        this.publishRefused(request, { refusal: 'unavailable', ruleId: null, by: null });
      },
    );
  }

  private published({ id }: PublishRequest): void {
    if (id !== undefined) this.send({ type: 'result', id, ok: true });
  }

  /** A refusal is answered even where no answer was asked for. */
  private publishRefused({ id, topic }: PublishRequest, why: NoRoute): void {
    const { refusals } = this.broker;
    refusals.of(this.session, { ...why, action: 'publish', topic });
    this.send({ type: 'result', id: id ?? null, ok: false, error: wireError(why.refusal, refusals.reason) });
  }

  /** What the rules do not settle is asked about before any of it is granted. */
  private subscribeWhenAsked(request: SubscribeRequest): void {
    const { access } = this.broker;
    const filters = request.filters.map((wanted) => (typeof wanted === 'string' ? wanted : wanted.filter));
    const questions = access.asked.openQuestions(this.session.grants, { filters, topics: [] });
    if (questions.length === 0) return this.subscribe(request);
    this.options.waitFor(access.ask(this.session, questions), () => this.subscribe(request));
  }

  private subscribe(request: SubscribeRequest): void {
    const replays: Subscription[] = [];
    const results = request.filters.map((wanted): FilterResult => {
      const { filter, retainHandling = 0 }: FilterRequest = typeof wanted === 'string' ? { filter: wanted } : wanted;
      const isNew = !this.session.subscriptions.has(filter);
      const qos = 0; // as much as perch.json delivers
      const outcome = this.broker.subscribe(this.session, {
        filter,
        qos,
        noLocal: false,
        retainAsPublished: false,
        retainHandling,
      });
      if (!(outcome instanceof Subscription)) return { filter, error: wireError(outcome, this.broker.refusals.reason) };
      if (retainHandling === 0 || (retainHandling === 1 && isNew)) replays.push(outcome);
      return { filter };
    });
    const ok = results.every((result) => result.error === undefined);
    this.send({ type: 'result', id: request.id, ok, results });
    for (const subscription of replays) this.broker.replay(subscription);
  }

  private unsubscribe({ id, filters }: UnsubscribeRequest): void {
    for (const filter of filters) this.broker.unsubscribe(this.session, filter);
    this.send({ type: 'result', id, ok: true, results: filters.map((filter) => ({ filter })) });
  }

  private send(frame: ServerFrame): void {
    this.outbox.push(textFrame(frame), 0);
  }
}

/** A frame that is an answer: never batched, never dropped. */
export function textFrame(frame: ServerFrame): Frame {
  return controlFrame(Buffer.from(JSON.stringify(frame)));
}
