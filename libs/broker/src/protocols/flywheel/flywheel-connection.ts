import type { RevocationNotice } from '../../access/live-access.js';
import type { Broker } from '../../broker.js';
import { acceptClient, type ClientConnection, NOTHING_SHOWN, type Shown } from '../../connections/client-connection.js';
import { closingOf } from '../../connections/closing.js';
import type { Dialect, Patience } from '../../connections/dialect.js';
import type { Link } from '../../link.js';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import type { Grant, SubscriptionRequest } from '../../subscription.js';
import { bindResponse, errorMessage, type FlywheelError, general, refusedAs, topicRefused } from './answers.js';
import { type BindRequest, NO_MESSAGE_ID, readBind } from './bind-request.js';
import { flywheelFormat, NOT_TEXT } from './flywheel-format.js';
import { type PublishFrame, readBinaryPublish, readTextPublish } from './publish-frame.js';

/** What an operator may settle. */
export interface FlywheelTerms {
  readonly idleMs: number;
  readonly pingMs: number;
  /** Whose subscription is taken away is disconnected; otherwise it is told on its error topic, and stays. */
  readonly disconnectRevoked: boolean;
}

/** As the protocol has it. */
export const usualFlywheelTerms: FlywheelTerms = { idleMs: 300_000, pingMs: 60_000, disconnectRevoked: false };

/** On what terms somebody comes. */
export interface FlywheelVisit {
  readonly terms?: ListenerTerms;
  readonly flywheel?: FlywheelTerms;
}

interface Change {
  readonly messageId: string;
  /** Subscriptions that end with it. */
  readonly ending: number;
}

const B = 0x42;
const P = 0x50;
const SPACE = 0x20;
const NOT_A_FRAME = general('Not a frame of this protocol');
const NOT_A_PUBLISH = general('A publish is P, a topic and a payload with spaces between');
const NOT_A_BINARY_PUBLISH = general('A binary publish is 0x20, the length of the topic in 16 bits, topic and payload');
const LOOKS_A_PING = 4;

/** Serves a FLYWHEEL client on a fresh link of messages. */
export function acceptFlywheel(
  broker: Broker,
  link: Link,
  { terms = anyListener, flywheel = usualFlywheelTerms }: FlywheelVisit = {},
): void {
  acceptClient({ broker, link, terms }, (connection) => new FlywheelDialect(connection, flywheel));
}

/**
 * What a FLYWHEEL client says. It is let in by a bind, or by its first publish if need be without credentials; each
 * further bind may bring others. The first session id that it binds with becomes its client id.
 */
class FlywheelDialect implements Dialect {
  readonly protocol = 'flywheel';
  readonly format = flywheelFormat;
  readonly patience: Patience;
  readonly mostWrong = 3;
  readonly closingOf = closingOf;
  private readonly broker: Broker;
  private sessionId: string | null = null;
  /** What was shown last, as long as it has to be shown again with a session id. */
  private shown: Shown = NOTHING_SHOWN;

  constructor(
    private readonly connection: ClientConnection,
    private readonly terms: FlywheelTerms,
  ) {
    this.broker = connection.broker;
    const { idleMs, pingMs } = terms;
    this.patience = { idleMs, pingMs, lookMs: Math.min(pingMs, idleMs) / LOOKS_A_PING };
  }

  take(bytes: Buffer, isText: boolean): void {
    if (!isText) return this.takePublish(readBinaryPublish(bytes), false);
    const kind = bytes[1] === SPACE ? bytes[0] : null;
    if (kind === P) return this.takePublish(readTextPublish(bytes), true);
    if (kind === B) return this.takeBind(bytes.toString('utf8', 2));
    this.malformed();
    this.connection.send(bindResponse(NO_MESSAGE_ID, [NOT_A_FRAME]));
  }

  /** Who has said nothing may be let in without credentials: it has connected to listen later. */
  late(): void {
    this.connection.signInUnshown((refusal) => refusal && this.connection.refuse('connect-timeout'));
  }

  revoked(filters: readonly string[], { disconnect, reason }: RevocationNotice): void {
    if (filters.length === 0) return;
    const { sessionId } = this;
    this.tell(filters.map((filter) => topicRefused(filter, { refusal: 'not-authorized', reason, sessionId })));
    if (disconnect || this.terms.disconnectRevoked) this.broker.clock.soon(() => this.connection.end('not-authorized'));
  }

  private takePublish(frame: PublishFrame | null, isText: boolean): void {
    if (frame !== null) return this.publish(frame, isText);
    this.malformed();
    this.tell([isText ? NOT_A_PUBLISH : NOT_A_BINARY_PUBLISH]);
  }

  private publish({ topic, payload }: PublishFrame, isText: boolean): void {
    // The chunk that it came in is much larger, and must not be kept by it.
    const publication = { topic, payload: Buffer.from(payload), properties: isText ? null : NOT_TEXT };
    const refused = ({ refusal }: { readonly refusal: Refusal }) => this.publishRefused(topic, refusal);
    if (this.connection.session) return this.connection.publish(publication, refused);
    this.connection.signInUnshown((refusal) => {
      if (refusal === null) this.connection.publish(publication, refused);
      else this.publishRefused(topic, refusal === 'unavailable' ? refusal : 'not-authorized');
    });
  }

  private publishRefused(topic: string, refusal: Refusal): void {
    const { reason } = this.broker.refusals;
    this.tell([topicRefused(topic, { refusal, reason: this.connection.session && reason, sessionId: this.sessionId })]);
  }

  private takeBind(text: string): void {
    const reading = readBind(text);
    if (reading.request) return this.bind(reading.request);
    this.malformed();
    this.connection.send(bindResponse(reading.messageId, [general(reading.fault)]));
  }

  private bind(request: BindRequest): void {
    const { messageId, sessionId, auth } = request;
    if (this.sessionId !== null && sessionId !== null && sessionId !== this.sessionId) {
      this.broker.counters.refuse('protocol-error');
      return this.answer(messageId, [general('Cannot reassign session ID')]);
    }
    const isNew = sessionId !== null && this.sessionId === null;
    if (isNew && !isOneLevel(sessionId)) {
      this.broker.counters.refuse('invalid-client-id');
      return this.answer(messageId, [refusedAs('invalid-client-id')]);
    }
    if (this.connection.session && auth === null && !isNew) return this.change(request, this.connection.session);
    this.enter(request, auth ?? this.shown);
  }

  private enter(request: BindRequest, shown: Shown): void {
    const { messageId, sessionId } = request;
    const former = this.connection.session;
    const known = sessionId ?? this.sessionId ?? former?.clientId ?? null;
    const claim = { ...shown, clientId: known ?? this.connection.newClientId(), isAssigned: known === null };
    const held = former ? [...former.subscriptions.keys()] : [];
    this.connection.signIn(claim, (refusal) => {
      if (refusal !== null) return this.answer(messageId, [refusedAs(refusal)]);
      const session = this.connection.session as Session;
      const isAnother = session !== former;
      if (sessionId !== null && this.sessionId === null) this.named(sessionId, session);
      this.shown = this.sessionId === null ? shown : NOTHING_SHOWN;
      if (isAnother && held.length > 0) this.takeAlong(held, session, () => this.change(request, session));
      else this.change(request, session);
    });
  }

  /** What is sent to it alone is its to read, whatever the rules say. */
  private named(sessionId: string, session: Session): void {
    this.sessionId = sessionId;
    for (const filter of [`$remote/${sessionId}/rx`, `$remote/${sessionId}/rx/#`]) {
      this.broker.subscribe(session, subscriptionTo(filter));
    }
  }

  /** Its subscriptions under its former client id, those that it may have under the new one. */
  private takeAlong(filters: readonly string[], session: Session, goOn: () => void): void {
    this.connection.whenAsked(filters, () => {
      const errors: FlywheelError[] = [];
      for (const filter of filters) {
        const outcome = this.broker.subscribe(session, subscriptionTo(filter));
        if (typeof outcome === 'string') errors.push(this.filterRefused(filter, outcome));
      }
      if (errors.length > 0) this.tell(errors);
      goOn();
    });
  }

  /** All of it or, where one new subscription is refused, nothing. */
  private change({ messageId, subscribe, unsubscribe }: BindRequest, session: Session): void {
    const wanted = new Set(subscribe);
    const ended = new Set(unsubscribe.filter((filter) => !wanted.has(filter) && session.subscriptions.has(filter)));
    const fresh = [...wanted].filter((filter) => !session.subscriptions.has(filter));
    if (session.subscriptions.size - ended.size + fresh.length > this.broker.limits.subscriptionsPerSession) {
      this.broker.counters.refuse('quota-exceeded');
      return this.answer(messageId, [refusedAs('quota-exceeded')]);
    }
    this.connection.whenAsked(fresh, () => {
      const granted = this.judge(fresh, session, { messageId, ending: ended.size });
      if (granted === null) return;
      for (const filter of ended) this.broker.unsubscribe(session, filter);
      const replays = granted.map(({ filter, grant }) => this.broker.grant(session, subscriptionTo(filter), grant));
      this.answer(messageId, []);
      for (const subscription of replays) this.broker.replay(subscription);
    });
  }

  /** Null when one is refused, which is answered. */
  private judge(filters: readonly string[], session: Session, { messageId, ending }: Change) {
    const errors: FlywheelError[] = [];
    const granted: { readonly filter: string; readonly grant: Grant }[] = [];
    for (const filter of filters) {
      const grant = this.broker.judge(session, filter, ending);
      if (typeof grant === 'string') errors.push(this.filterRefused(filter, grant));
      else granted.push({ filter, grant });
    }
    if (errors.length === 0) return granted;
    this.answer(messageId, errors);
    return null;
  }

  private filterRefused(filter: string, refusal: Refusal): FlywheelError {
    const { reason } = this.broker.refusals;
    return topicRefused(filter, { refusal, reason, sessionId: this.sessionId });
  }

  private answer(messageId: string, errors: readonly FlywheelError[]): void {
    this.connection.send(bindResponse(messageId, errors));
  }

  private tell(errors: readonly FlywheelError[]): void {
    this.connection.send(errorMessage(this.sessionId, errors));
  }

  private malformed(): void {
    this.broker.counters.refuse('malformed-packet');
  }
}

function subscriptionTo(filter: string): SubscriptionRequest {
  return { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 };
}

/** It stands in topics, which a space would end. */
function isOneLevel(sessionId: string): boolean {
  return !/[/+# ]/.test(sessionId);
}
