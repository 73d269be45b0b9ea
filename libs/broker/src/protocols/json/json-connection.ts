import type { Grants } from '@perch/policy';
import type { BindRequest, ClientFrame, ServerFrame, WelcomeFrame, WireError } from '@perch/wire';
import { randomBytes } from 'node:crypto';
import { admitted } from '../../access/admitted.js';
import type { Broker } from '../../broker.js';
import type { Claim } from '../../certify.js';
import { acceptClient, type ClientConnection, NOTHING_SHOWN, type Shown } from '../../connections/client-connection.js';
import type { Coming } from '../../connections/coming.js';
import type { Dialect, Patience } from '../../connections/dialect.js';
import type { Link } from '../../link.js';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import { answerFrame, JsonExchange } from './json-exchange.js';
import { jsonFormat, packJson } from './message-format.js';
import { readFrame, type FrameFault } from './read-frame.js';
import { closing, wireError } from './refusal-codes.js';
import { SessionWindow } from './session-window.js';

/** An operator who was let in before the link reached the broker. */
export interface OperatorIdentity {
  readonly name: string;
  readonly grants: Grants;
}

/** As whom and on what terms somebody comes. */
export interface JsonVisit {
  readonly operator?: OperatorIdentity;
  readonly terms?: ListenerTerms;
}

/** Well over a minute: browsers slow the timers of hidden tabs down to one a minute. */
const KEEP_ALIVE_SECONDS = 120;
/** Guessing costs a connection after so many further binds of one that were refused. */
const MOST_REFUSED_BINDS = 5;

let operatorConnections = 0;

/** Serves a perch.json client on a fresh link; refused links are closed at once. An operator is bound already. */
export function acceptJson(broker: Broker, link: Link, { operator, terms = anyListener }: JsonVisit = {}): void {
  acceptClient({ broker, link, terms }, (connection) => new JsonDialect(connection, operator ?? null));
}

/**
 * What a perch.json client says.
 *
 *                                                 /--bind again--\
 *     unbound --bind--> entering --let in-------> bound <--------/
 *        \                  \--refused--> closed    /
 *         \--operator----------------------------->/
 */
class JsonDialect implements Dialect {
  readonly protocol = 'json';
  readonly format = jsonFormat;
  readonly patience: Patience;
  /** Every further bind that is refused counts, whatever the reason. */
  readonly mostWrong = null;
  readonly takesWhileEntering = true;
  readonly closingOf = closing;
  private readonly broker: Broker;
  private isEntering = false;
  private refusedBinds = 0;
  private window: SessionWindow | null = null;
  private exchange: JsonExchange | null = null;

  constructor(
    private readonly connection: ClientConnection,
    private readonly operator: OperatorIdentity | null,
  ) {
    const { broker, outbox } = connection;
    this.broker = broker;
    const keepAliveSeconds = Math.min(KEEP_ALIVE_SECONDS, broker.limits.keepAliveSeconds || KEEP_ALIVE_SECONDS);
    this.patience = { idleMs: keepAliveSeconds * 1000, pingMs: null, lookMs: null };
    outbox.packWith(packJson);
  }

  /** Says welcome and waits for the bind, or binds the operator. */
  started(): void {
    if (!this.operator) return this.welcome();
    const { name, grants } = this.operator;
    const clientId = `$operator/${name}/${++operatorConnections}`;
    const who = admitted({ username: null }, { clientId, address: this.connection.address });
    this.connection.letIn({ who, grants, isClient: false }, this.comingBy());
  }

  take(bytes: Buffer): void {
    const { frame, fault } = readFrame(bytes.toString());
    if (fault) return this.faulty(fault);
    if (frame.type === 'bind') return this.bind(frame);
    if (this.exchange) return this.exchange.take(frame);
    this.notBound(frame);
  }

  late(): void {
    this.connection.refuse('connect-timeout');
  }

  revoked(filters: readonly string[]): void {
    if (filters.length > 0) this.send({ type: 'revoked', filters });
  }

  /** A wrong field is answered; somebody who speaks another protocol is told and closed. */
  private faulty({ id, message, isForeign }: FrameFault): void {
    this.answer(id, { code: 'invalid-frame', message });
    if (isForeign) this.connection.refuse('malformed-packet');
    else this.broker.counters.refuse('malformed-packet');
  }

  private notBound(frame: ClientFrame): void {
    if (frame.type === 'ping') return this.send({ type: 'pong' });
    this.broker.counters.refuse('protocol-error');
    this.answer(frame.id ?? null, { code: 'not-bound', message: 'Bind first, and wait for its welcome.' });
  }

  private bind(request: BindRequest): void {
    const { session } = this.connection;
    if (session) return this.bindAgain(request, session);
    if (this.isEntering) return this.notBound(request);
    this.isEntering = true;
    const clientId = request.clientId ?? `perch-${randomBytes(10).toString('hex')}`;
    const claim: Claim = { ...shownIn(request), clientId, isAssigned: request.clientId === undefined };
    const entered = (refusal: Refusal | null): void => {
      if (refusal !== null) this.bindRefused(request, refusal);
    };
    this.connection.signIn(claim, entered, this.comingBy(request));
  }

  /** Its rights are those of the new bind when the answer is sent; where that is refused it keeps those it has. */
  private bindAgain(request: BindRequest, { clientId, options }: Session): void {
    if (!options.isClient) return this.impossible(request, 'An operator is who has signed in.');
    if (request.clientId !== undefined && request.clientId !== clientId)
      return this.impossible(request, 'A connection keeps its client id.');
    this.connection.signIn({ ...shownIn(request), clientId, isAssigned: false }, (refusal) => {
      if (refusal === null) this.welcome({ id: request.id });
      else if (++this.refusedBinds >= MOST_REFUSED_BINDS) this.bindRefused(request, refusal);
      else this.answer(request.id, wireError(refusal));
    });
  }

  private impossible({ id }: BindRequest, message: string): void {
    this.broker.counters.refuse('protocol-error');
    this.answer(id, { code: 'already-bound', message });
  }

  /** Answered, then closed: guessing costs a connection. */
  private bindRefused({ id }: BindRequest, refusal: Refusal): void {
    this.answer(id, wireError(refusal));
    this.connection.end(refusal);
  }

  /** By a bind, or as an operator without one. */
  private comingBy(request?: BindRequest): Coming {
    return {
      resumptionFor: (who) => (this.window = SessionWindow.for(this.broker, who, request?.resume)),
      begins: (session) => this.begin(session, request?.id),
    };
  }

  private begin(session: Session, id: number | undefined): void {
    const { outbox } = this.connection;
    this.exchange = new JsonExchange(this.connection, session, this.window?.window ?? null);
    const opened = this.window?.begin(this.broker, session, outbox);
    this.welcome({ id, ...opened?.fields });
    this.revoked(opened?.revoked ?? []);
    for (const frame of opened?.missed ?? []) outbox.push(frame, 0);
  }

  private welcome({ id, ...more }: Partial<WelcomeFrame> = {}): void {
    const { session, limits } = this.connection;
    const clientId = session?.clientId ?? null;
    const { idleMs: keepAliveMs } = this.patience;
    this.send({ type: 'welcome', id, clientId, maxFrameBytes: limits.packetBytes, keepAliveMs, ...more });
  }

  private answer(id: number | null, error: WireError): void {
    this.send({ type: 'result', id, ok: false, error });
  }

  private send(frame: ServerFrame): void {
    this.connection.outbox.push(answerFrame(frame), 0);
  }
}

/** A token says itself whose it is. */
function shownIn({ auth }: BindRequest): Shown {
  if (auth?.type === 'basic') return { username: auth.username, password: Buffer.from(auth.password) };
  return auth?.type === 'bearer' ? { ...NOTHING_SHOWN, password: Buffer.from(auth.token) } : NOTHING_SHOWN;
}
