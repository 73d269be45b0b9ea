import type { Broker } from '../../broker.js';
import { acceptClient, type ClientConnection, type Shown } from '../../connections/client-connection.js';
import { closingOf } from '../../connections/closing.js';
import type { Dialect } from '../../connections/dialect.js';
import type { Link } from '../../link.js';
import { emptyFrame, PONG, textFrame } from '../../links/web-socket-frames.js';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import { Subscription } from '../../subscription.js';
import { flockFormat } from './flock-format.js';
import { type FlockRequest, readFrame, type RequestId } from './read-frame.js';

/** As whom and on what terms somebody comes. */
export interface FlockVisit {
  readonly terms?: ListenerTerms;
  /** What was shown with the upgrade, or null. */
  readonly shown?: Shown | null;
}

const PONG_FRAME = emptyFrame(PONG);

/** What is said of refusals that are no matter of access. */
const reasons: Partial<Record<Refusal, string>> = {
  'invalid-filter': 'Not a valid topic filter',
  'quota-exceeded': 'A limit of the broker is reached',
  unavailable: 'The broker cannot do this at the moment',
  'server-busy': 'The broker is busy',
};

/** Serves a FLOCK client on a fresh link of messages. */
export function acceptFlock(broker: Broker, link: Link, { terms = anyListener, shown = null }: FlockVisit = {}): void {
  acceptClient({ broker, link, terms }, (connection) => new FlockDialect(connection, shown));
}

/**
 * What a FLOCK client says. It is let in by what it has shown with its upgrade, by an Authenticate, or by its first request
 * if need be without either.
 */
class FlockDialect implements Dialect {
  readonly protocol = 'flock';
  readonly format = flockFormat;
  readonly patience = { idleMs: 30_000, pingMs: null, lookMs: 15_000 };
  readonly mostWrong = 3;
  readonly closingOf = closingOf;
  private readonly broker: Broker;

  constructor(
    private readonly connection: ClientConnection,
    private readonly shown: Shown | null,
  ) {
    this.broker = connection.broker;
  }

  take(bytes: Buffer, isText: boolean): void {
    const request = isText ? readFrame(bytes.toString()) : 'Messages are text.';
    if (typeof request === 'string') return this.connection.refuse('malformed-packet', request);
    if (request.type === 'Ping') return this.connection.send(PONG_FRAME);
    if (request.type === 'Authenticate') return this.authenticate(request);
    const { session } = this.connection;
    if (session) return this.serve(request, session);
    this.enter((refusal) => {
      if (refusal === null) this.serve(request, this.connection.session as Session);
      else this.answer(request, false, refusal);
    });
  }

  /** Who asks for nothing yet may be let in by what it has shown, and go on to listen. */
  late(): void {
    this.enter((refusal) => refusal && this.connection.refuse('connect-timeout'));
  }

  /** An acknowledgement stays true: what it said no longer holds. */
  revoked(filters: readonly string[], { disconnect }: { readonly disconnect: boolean }): void {
    for (const topic of filters) this.answer({ topic, requestId: null }, false, 'not-authorized');
    if (disconnect) this.broker.clock.soon(() => this.connection.end('not-authorized'));
  }

  private enter(entered: (refusal: Refusal | null) => void): void {
    if (this.shown === null) return this.connection.signInUnshown(entered);
    this.signIn(this.shown, (refusal) => {
      entered(refusal);
      // It was wrong from the start, and would be at every request.
      if (refusal !== null) this.connection.end(refusal);
    });
  }

  private signIn(shown: Shown, entered: (refusal: Refusal | null) => void): void {
    const clientId = this.connection.session?.clientId ?? null;
    const claim = { ...shown, clientId: clientId ?? this.connection.newClientId(), isAssigned: clientId === null };
    this.connection.signIn(claim, entered);
  }

  private authenticate({ shown, requestId }: Extract<FlockRequest, { type: 'Authenticate' }>): void {
    this.signIn(shown, (refusal) => {
      const error = refusal === null ? undefined : reasonOf(refusal);
      this.say({ type: 'response', authenticated: refusal === null, request_id: requestId, error });
    });
  }

  private serve(request: Topical, session: Session): void {
    if (request.type === 'Subscribe') return this.subscribe(request, session);
    this.broker.unsubscribe(session, request.topic);
    this.answer(request, false);
  }

  private subscribe(request: Topical, session: Session): void {
    const { topic } = request;
    this.connection.whenAsked([topic], () => {
      const isNew = !session.subscriptions.has(topic);
      const wanted = { filter: topic, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 1 } as const;
      const outcome = this.broker.subscribe(session, wanted);
      if (!(outcome instanceof Subscription)) return this.answer(request, false, outcome);
      this.answer(request, true);
      if (isNew) this.broker.replay(outcome);
    });
  }

  /** The order of the fields is that of the wire. */
  private answer(
    { topic, requestId }: { readonly topic: string; readonly requestId: RequestId },
    subscribed: boolean,
    refusal: Refusal | null = null,
  ): void {
    const error = refusal === null ? undefined : reasonOf(refusal);
    this.say({ type: 'response', topic, subscribed, request_id: requestId, error });
  }

  private say(answer: object): void {
    this.connection.send(textFrame(JSON.stringify(answer)));
  }
}

type Topical = Extract<FlockRequest, { type: 'Subscribe' | 'Unsubscribe' }>;

function reasonOf(refusal: Refusal): string {
  return reasons[refusal] ?? 'Forbidden';
}
