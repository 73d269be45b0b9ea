import type {
  BindRequest,
  ClientFrame,
  FilterRequest,
  FilterResult,
  ServerFrame,
  SubscribeRequest,
  UnsubscribeRequest,
} from '@perch/wire';
import type { Broker } from '../../broker.js';
import type { ClientConnection } from '../../connections/client-connection.js';
import { controlFrame, type Frame } from '../../frame.js';
import { textFrame } from '../../links/web-socket-frames.js';
import type { Session } from '../../session.js';
import { Subscription } from '../../subscription.js';
import { type Answer, JsonPublishing } from './json-publishing.js';
import { wireError } from './refusal-codes.js';
import type { ResumeWindow } from '../../resume-window.js';

const PONG = answerFrame({ type: 'pong' });

/** The requests of a client that is bound, one method each. */
export class JsonExchange {
  private readonly broker: Broker;
  private readonly publishing: JsonPublishing;

  constructor(
    private readonly connection: ClientConnection,
    private readonly session: Session,
    /** Null where the session cannot be resumed. */
    private readonly window: ResumeWindow | null,
  ) {
    this.broker = connection.broker;
    this.publishing = new JsonPublishing(connection, session, this.answer);
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
        if (frame.offset !== undefined) this.window?.arrived(frame.offset);
        return this.connection.outbox.push(PONG, 0);
    }
  }

  /** What the rules do not settle is asked about before any of it is granted. */
  private subscribeWhenAsked(request: SubscribeRequest): void {
    const filters = request.filters.map((wanted) => (typeof wanted === 'string' ? wanted : wanted.filter));
    this.connection.whenAsked(filters, () => this.subscribe(request));
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

  private readonly answer: Answer = (id, error, results) => {
    const ok = error === null && (results?.every((result) => !result.error) ?? true);
    this.send({ type: 'result', id, ok, error: error ?? undefined, results });
  };

  private send(frame: ServerFrame): void {
    this.connection.outbox.push(answerFrame(frame), 0);
  }
}

/** A frame that is an answer: never batched, never dropped. */
export function answerFrame(frame: ServerFrame): Frame {
  return controlFrame(textFrame(JSON.stringify(frame)));
}
