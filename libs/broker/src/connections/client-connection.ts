import { randomUUID } from 'node:crypto';
import type { RevocationNotice } from '../access/live-access.js';
import type { Question } from '../access/answers.js';
import type { Connection } from '../admission/connections.js';
import { newBrake, type Brake } from '../brake.js';
import type { Broker } from '../broker.js';
import type { Claim } from '../certify.js';
import type { CloseReason } from '../events.js';
import { controlFrame, type WireFormat } from '../frame.js';
import type { Watched } from '../keep-alive.js';
import type { Limits } from '../limits.js';
import type { Link, LinkHandler } from '../link.js';
import { emptyFrame, PING } from '../links/web-socket-frames.js';
import { limitsAt, type ListenerTerms } from '../listener-terms.js';
import type { Message, MessageProperties } from '../message.js';
import { Outbox } from '../outbox.js';
import type { Parting } from '../parting.js';
import type { Refusal } from '../refusal.js';
import type { NoRoute } from '../router.js';
import type { Peer, Session } from '../session.js';
import type { Closing } from './closing.js';
import { type Coming, type Entrant, FOR_NOW } from './coming.js';
import type { Dialect } from './dialect.js';
import { type Entered, Entrance } from './entrance.js';

/** What a client publishes. */
export type Publication = Pick<Message, 'topic' | 'payload'> & { readonly properties?: MessageProperties | null };

interface Held {
  readonly bytes: Buffer;
  readonly isText: boolean;
}

/** What a client shows: a name with a password, or a token. */
export type Shown = Pick<Claim, 'username' | 'password'>;

export const NOTHING_SHOWN: Shown = { username: null, password: null };

const PING_FRAME = controlFrame(emptyFrame(PING));

/** Serves a client on a fresh link of whole messages; one that is refused is closed at once. */
export function acceptClient(
  { broker, link, terms }: { readonly broker: Broker; readonly link: Link; readonly terms: ListenerTerms },
  newDialect: (connection: ClientConnection) => Dialect,
): void {
  const connection = new ClientConnection(broker, { link, terms }, newDialect);
  const refusal = broker.link(connection);
  if (!refusal) connection.start();
  link.open(connection);
  if (refusal) connection.refuse(refusal);
}

/**
 * One client from its first message to its last, whatever they say: its link, its outbox, the gate where it is let in, and
 * its session. What the messages mean is its dialect's.
 *
 *     stranger --let in--> client <--again, as somebody else
 *         \--late, refused--\--refused, silent, gone--> closed
 */
export class ClientConnection implements LinkHandler, Connection, Peer, Watched {
  readonly outbox: Outbox;
  readonly format: WireFormat;
  /** To be told of every publish of the client. */
  readonly brake: Brake;
  readonly maximumPacketBytes = Number.POSITIVE_INFINITY;
  readonly receiveMaximum = 0;
  readonly limits: Limits;
  /** When it is looked at: whether it is let in, later whether it was heard from. */
  dueAt = Number.POSITIVE_INFINITY;
  lookTick = 0;
  isClosed = false;
  readonly link: Link;
  private readonly dialect: Dialect;
  private readonly entrance: Entrance;
  /** Something is waited for: what comes meanwhile waits here. Little, as the link is paused. */
  private held: Held[] | null = null;
  /** Why it is not let in that shows nothing; null while that is not known. */
  private unshownRefusal: Refusal | null = null;
  private heardAt: number;
  private bytesIn = 0;

  constructor(
    readonly broker: Broker,
    { link, terms }: { readonly link: Link; readonly terms: ListenerTerms },
    newDialect: (connection: ClientConnection) => Dialect,
  ) {
    this.link = link;
    this.limits = limitsAt(terms, broker.limits);
    this.outbox = new Outbox(link, broker, this);
    this.brake = newBrake(broker, this.released);
    this.heardAt = broker.clock.uptime();
    this.dialect = newDialect(this);
    this.format = this.dialect.format;
    const { protocol, patience } = this.dialect;
    this.entrance = new Entrance(
      { broker, link, terms, peer: this, protocol, keepAliveSeconds: Math.ceil(patience.idleMs / 1000) },
      (answered, goOn) => {
        const isTaking = this.dialect.takesWhileEntering === true && this.session === null;
        if (isTaking) this.goOnWhen(answered, goOn);
        else this.waitFor(answered, goOn);
      },
    );
  }

  /** The client has a while to say who it is. */
  start(): void {
    this.dueAt = this.broker.clock.uptime() + this.limits.connectTimeoutMs;
    this.broker.keepAlive.watch(this);
    this.dialect.started?.();
  }

  get address(): string | null {
    return this.link.address;
  }

  get terms(): ListenerTerms {
    return this.entrance.terms;
  }

  /** Its session, once it is let in. */
  get session(): Session | null {
    return this.entrance.session;
  }

  /**
   * Has the claim judged and the client let in, or known as somebody else from then on; its session goes on if it keeps its
   * client id. `done` is told why not, or null; messages wait until then.
   */
  signIn(claim: Claim, done: Entered, coming: Coming = FOR_NOW): void {
    const entered: Entered = (refusal) => {
      if (refusal === null) this.look();
      done(refusal);
      if (refusal !== null && this.entrance.wrong >= (this.dialect.mostWrong ?? Infinity)) this.refuse(refusal);
    };
    this.entrance.enter(claim, entered, coming);
  }

  /** Lets somebody in who is known already. */
  letIn(who: Entrant, coming: Coming): void {
    this.entrance.open(who, (refusal) => (refusal === null ? this.look() : this.refuse(refusal)), coming);
  }

  /** Lets a client in that has shown nothing, where that is allowed. Asked for once. */
  signInUnshown(done: Entered): void {
    if (this.unshownRefusal !== null) {
      this.broker.counters.refuse(this.unshownRefusal);
      return done(this.unshownRefusal);
    }
    this.signIn({ ...NOTHING_SHOWN, clientId: this.newClientId(), isAssigned: true }, (refusal) => {
      if (refusal !== 'unavailable') this.unshownRefusal = refusal;
      done(refusal);
    });
  }

  /** A client id for one that brings none. */
  newClientId(): string {
    return `${this.dialect.protocol}-${randomUUID()}`;
  }

  /** Publishes for the client, when the authorizer has been asked if need be. `refused` is told why not. */
  publish(publication: Publication, refused: (why: NoRoute) => void): void {
    const session = this.session as Session;
    const { broker } = this;
    const { topic, payload, properties = null } = publication;
    const message: Message = {
      topic,
      payload,
      qos: 0,
      retain: false,
      properties,
      publisher: session.clientId,
      receivedAt: broker.clock.now(),
      expiresAt: null,
    };
    const { refusal, ruleId, by, question, strains } = broker.publish(session, message);
    if (refusal !== null && question) {
      return this.publishWhenAsked(question, payload.length, () => this.publish(publication, refused));
    }
    session.messagesIn++;
    this.brake.published(payload.length, strains);
    if (refusal === null) return;
    broker.refusals.of(session, { refusal, ruleId, by, action: 'publish', topic });
    refused({ refusal, ruleId, by });
  }

  /** Publishes again when this has been asked: it has not been taken yet, and is counted when it is. */
  publishWhenAsked(question: Question, payloadBytes: number, again: () => void): void {
    const { counters, access } = this.broker;
    counters.messagesReceived--;
    counters.payloadBytesReceived -= payloadBytes;
    this.waitFor(access.ask(this.session as Session, [question]), again);
  }

  /** Goes on when what the rules do not settle about these filters has been asked. */
  whenAsked(filters: Iterable<string>, goOn: () => void): void {
    const { access } = this.broker;
    const session = this.session as Session;
    const questions = access.asked.openQuestions(session.grants, { filters, topics: [] });
    if (questions.length === 0) return goOn();
    this.waitFor(access.ask(session, questions), goOn);
  }

  /** Sends a frame that is no delivery. */
  send(frame: Buffer): void {
    this.outbox.push(controlFrame(frame), 0);
  }

  received(bytes: Buffer, isText = false): void {
    if (this.isClosed) return;
    if (this.held) return void this.held.push({ bytes: Buffer.from(bytes), isText });
    const { counters, clock } = this.broker;
    this.heardAt = clock.uptime();
    counters.bytesReceived += bytes.length;
    counters.packetsReceived++;
    try {
      this.take(bytes, isText);
    } catch (error) {
      this.failed(error);
    }
  }

  drained(): void {
    this.outbox.drained();
    this.session?.drained();
  }

  overflowed(): void {
    this.broker.clock.soon(() => this.refuse('quota-exceeded'));
  }

  broken(refusal: Refusal): void {
    if (this.isClosed) return;
    this.broker.counters.refuse(refusal);
    this.leave(refusal);
  }

  closed(error: Error | null): void {
    this.leave(error ? 'connection-lost' : 'client-disconnected');
    this.broker.unlink(this);
  }

  expired(): void {
    if (!this.session) return this.held ? this.refuse('connect-timeout') : this.dialect.late();
    const { idleMs, pingMs } = this.dialect.patience;
    const now = this.broker.clock.uptime();
    if (this.isHeardNow()) this.heardAt = now;
    const silentMs = now - this.heardAt;
    if (silentMs >= idleMs) return this.refuse('keep-alive-timeout');
    if (pingMs !== null && silentMs >= pingMs) this.outbox.push(PING_FRAME, 0);
    this.look();
  }

  /** Nothing is delivered at QoS 2. */
  release(): void {}

  revoked(filters: readonly string[], notice: RevocationNotice): void {
    this.dialect.revoked(filters, notice);
  }

  /** With the reason in place of the usual text. */
  end(refusal: Refusal, { reason }: Parting = {}): void {
    if (!this.isClosed) this.leave(refusal, { ...this.dialect.closingOf(refusal), ...(reason && { text: reason }) });
  }

  /** Ends the connection for something that its client did, and counts it. */
  refuse(refusal: Refusal, text?: string): void {
    if (this.isClosed) return;
    this.broker.counters.refuse(refusal);
    this.end(refusal, { reason: text });
  }

  private take(bytes: Buffer, isText: boolean): void {
    const { packetBytes, connectPacketBytes } = this.limits;
    if (bytes.length > (this.session ? packetBytes : connectPacketBytes)) return this.refuse('packet-too-large');
    this.dialect.take(bytes, isText);
    if (this.brake.isHeld) this.link.pause();
  }

  /** Takes nothing more until it is answered, and then goes on with this. */
  private waitFor(answered: Promise<void>, goOn: () => void): void {
    this.held ??= [];
    this.link.pause();
    this.goOnWhen(answered, goOn);
  }

  private goOnWhen(answered: Promise<void>, goOn: () => void): void {
    answered
      .then(() => this.goOn(goOn))
      .catch((error: unknown) => this.failed(error))
      .catch((error: unknown) => this.broker.report(error, this.dialect.protocol));
  }

  private goOn(run: () => void): void {
    const held = this.held ?? [];
    this.held = null;
    if (this.isClosed) return;
    run();
    for (const { bytes, isText } of held) this.received(bytes, isText);
    this.released();
  }

  /** The client may be read again. */
  private readonly released = (): void => {
    if (!this.held && !this.brake.isHeld) this.link.resume();
  };

  /** Our own fault: it costs this link and is reported. */
  private failed(error: unknown): void {
    this.broker.report(
      error,
      `${this.dialect.protocol} connection of ${this.session?.clientId ?? 'an unknown client'}`,
    );
    this.refuse('internal-error');
  }

  /** Bytes have come since the last time, or we have not listened: then the client's silence is ours. */
  private isHeardNow(): boolean {
    const bytesIn = this.link.traffic?.bytesIn ?? 0;
    const hasCome = this.dialect.patience.lookMs !== null && bytesIn !== this.bytesIn;
    this.bytesIn = bytesIn;
    return hasCome || this.held !== null || this.brake.isHeld;
  }

  private look(): void {
    const { lookMs, idleMs } = this.dialect.patience;
    this.dueAt = lookMs === null ? this.heardAt + idleMs : this.broker.clock.uptime() + lookMs;
    this.broker.keepAlive.watch(this);
  }

  private leave(reason: CloseReason, closing: Closing | null = null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.brake.end();
    this.outbox.finish();
    this.link.end(closing?.code, closing?.text);
    this.entrance.leave(reason);
  }
}
