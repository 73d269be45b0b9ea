import type {
  BindRequest,
  ClientFrame,
  FilterRequest,
  FilterResult,
  MessageResult,
  ServerFrame,
  SubscribeRequest,
  UnsubscribeRequest,
  WireError,
} from '@perch/wire';
import { newBrake, type Brake } from '../../brake.js';
import type { Broker } from '../../broker.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { Outbox } from '../../outbox.js';
import type { Session } from '../../session.js';
import { Subscription } from '../../subscription.js';
import { JsonPublishing } from './json-publishing.js';
import { wireError } from './refusal-codes.js';
import type { ResumeWindow } from '../../resume-window.js';

const PONG = textFrame({ type: 'pong' });

/** What an exchange is made with. */
export interface JsonExchangeOptions {
  readonly outbox: Outbox;
  /** Null where the session cannot be resumed. */
  readonly window: ResumeWindow | null;
  /** Told when the client may be read again. */
  readonly released: () => void;
  /** Takes nothing more until it is answered, and then goes on with this. */
  readonly waitFor: (answered: Promise<void>, goOn: () => void) => void;
}

/** The requests of a client that is bound, one method each. */
export class JsonExchange {
  private readonly outbox: Outbox;
  private readonly brake: Brake;
  private readonly publishing: JsonPublishing;

  constructor(
    private readonly broker: Broker,
    private readonly session: Session,
    private readonly options: JsonExchangeOptions,
  ) {
    const { outbox, released, waitFor } = options;
    this.outbox = outbox;
    this.brake = newBrake(broker, released);
    this.publishing = new JsonPublishing(broker, session, { brake: this.brake, waitFor, answer: this.answer });
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
        return this.publishing.publish(frame);
      case 'messages':
        return this.publishing.publishAll(frame);
      case 'subscribe':
        return this.subscribeWhenAsked(frame);
      case 'unsubscribe':
        return this.unsubscribe(frame);
      case 'ping':
        if (frame.offset !== undefined) this.options.window?.arrived(frame.offset);
        return this.outbox.push(PONG, 0);
    }
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

  private readonly answer = (id: number | null, error: WireError | null, results?: readonly MessageResult[]): void => {
    const ok = error === null && (results?.every((result) => !result.error) ?? true);
    this.send({ type: 'result', id, ok, error: error ?? undefined, results });
  };

  private send(frame: ServerFrame): void {
    this.outbox.push(textFrame(frame), 0);
  }
}

/** A frame that is an answer: never batched, never dropped. */
export function textFrame(frame: ServerFrame): Frame {
  return controlFrame(Buffer.from(JSON.stringify(frame)));
}
