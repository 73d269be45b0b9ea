import type { Grants } from '@perch/policy';
import type { BindRequest, ClientFrame, ServerFrame, WelcomeFrame, WireError } from '@perch/wire';
import { admitted, type Admitted } from '../../access/admitted.js';
import type { Connection } from '../../admission/connections.js';
import type { Broker } from '../../broker.js';
import type { CloseReason } from '../../events.js';
import type { Watched } from '../../keep-alive.js';
import type { Link, LinkHandler } from '../../link.js';
import { anyListener, limitsAt, type ListenerTerms } from '../../listener-terms.js';
import type { Limits } from '../../limits.js';
import { Outbox } from '../../outbox.js';
import type { Authentication } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { Peer, Session } from '../../session.js';
import type { Opening } from '../../session-registry.js';
import { JsonExchange, textFrame } from './json-exchange.js';
import { JsonGate, PROTOCOL, type NamedBind } from './json-gate.js';
import { JsonRebinding } from './json-rebinding.js';
import { jsonFormat, packJson } from './message-format.js';
import { readFrame, type FrameFault } from './read-frame.js';
import { closing, wireError } from './refusal-codes.js';
import { SessionWindow } from './session-window.js';

/** An operator who was let in before the link reached the broker. */
export interface OperatorIdentity {
  readonly name: string;
  readonly grants: Grants;
}

type State = 'unbound' | 'authenticating' | 'bound' | 'closed';

/** Well over a minute: browsers slow the timers of hidden tabs down to one a minute. */
const KEEP_ALIVE_SECONDS = 120;

let operatorConnections = 0;

/** As whom and on what terms somebody comes. */
export interface JsonVisit {
  readonly operator?: OperatorIdentity;
  readonly terms?: ListenerTerms;
}

/** Serves a perch.json client on a fresh link; refused links are closed at once. An operator is bound already. */
export function acceptJson(broker: Broker, link: Link, { operator, terms = anyListener }: JsonVisit = {}): void {
  const connection = new JsonConnection(broker, link, terms);
  const refusal = broker.link(connection);
  // An operator is bound before the first frame is read.
  if (!refusal) connection.start(operator ?? null);
  link.open(connection);
  if (refusal) connection.refuse(refusal);
}

/**
 * One perch.json client, from its first frame to its last.
 *
 *                                                 /--bind again--\
 *     unbound --bind--> authenticating --let in--> bound <--------/--> closed
 *        \  \--operator-------------------------->/
 *         \--timeout, not perch.json--\--refused-----------> closed
 */
class JsonConnection implements LinkHandler, Connection, Peer, Watched {
  readonly outbox: Outbox;
  readonly format = jsonFormat;
  readonly maximumPacketBytes = Number.POSITIVE_INFINITY;
  readonly receiveMaximum = 0;
  /** Before it, the client is to be heard from, or (if it is not bound yet) let in. */
  dueAt = Number.POSITIVE_INFINITY;
  lookTick = 0;
  private state: State = 'unbound';
  private session: Session | null = null;
  private opening: Opening | null = null;
  private exchange: JsonExchange | null = null;
  private window: SessionWindow | null = null;
  private rebinding: JsonRebinding | null = null;
  /** The authorizer is being asked: what comes meanwhile waits here. Little, as the link is paused. */
  private held: Buffer[] | null = null;
  private readonly keepAliveSeconds: number;
  private readonly limits: Limits;
  private readonly gate: JsonGate;

  constructor(
    private readonly broker: Broker,
    private readonly link: Link,
    terms: ListenerTerms,
  ) {
    this.limits = limitsAt(terms, broker.limits);
    this.gate = new JsonGate(broker, link, terms);
    this.keepAliveSeconds = Math.min(KEEP_ALIVE_SECONDS, broker.limits.keepAliveSeconds || KEEP_ALIVE_SECONDS);
    this.outbox = new Outbox(link, broker, this);
    this.outbox.packWith(packJson);
  }

  /** Says welcome and waits for the bind, or binds the operator. */
  start(operator: OperatorIdentity | null): void {
    if (!operator) {
      this.welcome();
      this.dueAt = this.broker.clock.uptime() + this.broker.limits.connectTimeoutMs;
      this.broker.keepAlive.watch(this);
      return;
    }
    const clientId = `$operator/${operator.name}/${++operatorConnections}`;
    const who = admitted({ username: null }, { clientId, address: this.link.address });
    this.open({ ...who, grants: operator.grants, isClient: false }, undefined);
  }

  get address(): string | null {
    return this.link.address;
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  private get isPending(): boolean {
    return this.state === 'unbound' || this.state === 'authenticating';
  }

  received(bytes: Buffer): void {
    if (this.state === 'closed') return;
    if (this.held) return void this.held.push(Buffer.from(bytes));
    const { counters } = this.broker;
    if (this.exchange) this.putOff();
    counters.bytesReceived += bytes.length;
    counters.packetsReceived++;
    this.guard(() => this.take(bytes));
  }

  private guard(run: () => void): void {
    try {
      run();
      if (this.exchange?.isHeld === true) this.link.pause();
    } catch (error) {
      // Our own fault: it costs this link and is reported.
      this.broker.report(error, `json connection of ${this.session?.clientId ?? 'an unknown client'}`);
      this.refuse('internal-error');
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
    if (this.state === 'closed') return;
    this.broker.counters.refuse(refusal);
    this.leave(refusal);
  }

  closed(error: Error | null): void {
    this.leave(error ? 'connection-lost' : 'client-disconnected');
    this.broker.unlink(this);
  }

  expired(): void {
    if (this.isPending) return this.refuse('connect-timeout');
    if (this.exchange?.isHeld !== true) return this.refuse('keep-alive-timeout');
    // We do not listen now, so the client's silence is ours.
    this.putOff();
    this.broker.keepAlive.watch(this);
  }

  /** Nothing is delivered at QoS 2. */
  release(): void {}

  revoked(filters: readonly string[]): void {
    if (filters.length > 0) this.send({ type: 'revoked', filters });
  }

  end(refusal: Refusal): void {
    this.leave(refusal, refusal);
  }

  private take(bytes: Buffer): void {
    const { limits } = this;
    if (bytes.length > (this.isPending ? limits.connectPacketBytes : limits.packetBytes))
      return this.refuse('packet-too-large');
    const { frame, fault } = readFrame(bytes.toString());
    if (fault) return this.faulty(fault);
    if (frame.type === 'bind') return this.bind(frame);
    if (this.exchange) return this.exchange.take(frame);
    this.notBound(frame);
  }

  /** A wrong field is answered; somebody who speaks another protocol is told and closed. */
  private faulty({ id, message, isForeign }: FrameFault): void {
    this.answer(id, { code: 'invalid-frame', message });
    if (isForeign) this.refuse('malformed-packet');
    else this.broker.counters.refuse('malformed-packet');
  }

  private notBound(frame: ClientFrame): void {
    if (frame.type === 'ping') return this.send({ type: 'pong' });
    this.broker.counters.refuse('protocol-error');
    this.answer(frame.id ?? null, { code: 'not-bound', message: 'Bind first, and wait for its welcome.' });
  }

  private bind(request: BindRequest): void {
    if (this.rebinding) return this.rebinding.bind(request);
    if (this.state !== 'unbound') return this.notBound(request);
    const claim = this.gate.claimOf(request, null);
    const certified = this.gate.certified(claim);
    if (typeof certified === 'string') return this.bindRefused(claim, certified);
    this.state = 'authenticating';
    const outcome = this.gate.authenticate(certified);
    if (!(outcome instanceof Promise)) return this.decide(certified, outcome);
    outcome
      .then((authentication) => this.decide(certified, authentication))
      .catch((error: unknown) => {
        this.broker.report(error, 'authentication');
        this.refuse('internal-error');
      });
  }

  private decide(request: NamedBind, authentication: Authentication): void {
    if (this.state !== 'authenticating') return;
    if (!authentication.accepted) return this.bindRefused(request, authentication.refusal);
    const who = admitted(authentication, { clientId: request.clientId, address: this.link.address });
    this.open({ ...who, grants: this.broker.access.grantsFor(who), isClient: true }, request);
  }

  /** A session of its own each time, unless it is resumed; what another of the same client id held is forgotten first. */
  private open(who: Admitted & Pick<Session['options'], 'grants' | 'isClient'>, request: NamedBind | undefined): void {
    this.window = SessionWindow.for(this.broker, who, request?.resume);
    const opening = this.broker.open({
      ...who,
      port: this.link.port,
      protocol: PROTOCOL,
      keepAlive: this.keepAliveSeconds,
      will: null,
      willDelayInterval: 0,
      cleanStart: this.window?.goesOn !== true,
      sessionExpiryInterval: this.window ? this.broker.limits.resumeSeconds : 0,
      window: this.window?.window,
      peer: this,
    });
    if (typeof opening === 'string') {
      if (this.window?.goesOn === false) this.window.window.end();
      return request ? this.bindRefused(request, opening) : this.refuse(opening);
    }
    this.opening = opening;
    if (!opening.ready) return this.begin(opening, request?.id);
    opening.ready
      .then(
        () => this.state !== 'closed' && this.begin(opening, request?.id),
        () => this.refuse('unavailable'),
      )
      .catch((error: unknown) => this.broker.report(error, 'json connection'));
  }

  private begin(opening: Opening, id: number | undefined): void {
    this.opening = null;
    this.state = 'bound';
    this.session = opening.session;
    this.exchange = new JsonExchange(this.broker, this.session, {
      outbox: this.outbox,
      window: this.window?.window ?? null,
      released: this.released,
      waitFor: this.waitFor,
    });
    this.rebinding = new JsonRebinding(this.broker, this.session, {
      gate: this.gate,
      waitFor: this.waitFor,
      accepted: (id) => this.welcome({ id }),
      refused: (id, error) => this.answer(id, error),
      end: (refusal) => this.end(refusal),
    });
    const opened = this.window?.begin(this.broker, this.session, this.outbox);
    this.welcome({ id, ...opened?.fields });
    this.revoked(opened?.revoked ?? []);
    for (const frame of opened?.missed ?? []) this.outbox.push(frame, 0);
    this.broker.sessions.begin(opening);
    this.putOff();
    this.broker.keepAlive.watch(this);
  }

  /** Takes nothing more until it is answered. */
  private readonly waitFor = (answered: Promise<void>, goOn: () => void): void => {
    this.held = [];
    this.link.pause();
    answered
      .then(() => {
        const held = this.held ?? [];
        this.held = null;
        if (this.state === 'closed') return;
        this.guard(goOn);
        for (const bytes of held) this.received(bytes);
        if (this.held === null && this.exchange?.isHeld === false) this.link.resume();
      })
      .catch((error: unknown) => this.broker.report(error, 'json connection'));
  };

  private putOff(): void {
    this.dueAt = this.broker.clock.uptime() + this.keepAliveSeconds * 1000;
  }

  /** The client may be read again. */
  private readonly released = (): void => {
    if (!this.held) this.link.resume();
  };

  private welcome({ id, ...more }: Partial<WelcomeFrame> = {}): void {
    const clientId = this.session?.clientId ?? null;
    const maxFrameBytes = this.limits.packetBytes;
    this.send({ type: 'welcome', id, clientId, maxFrameBytes, keepAliveMs: this.keepAliveSeconds * 1000, ...more });
  }

  /** Answered, then closed: guessing costs a connection each time. */
  private bindRefused(request: NamedBind, refusal: Refusal): void {
    const { clientId, username } = request;
    const who = { clientId, username, address: this.link.address, labels: [], protocol: PROTOCOL };
    this.broker.refusals.ofConnect({ ...who, refusal, topic: null, ruleId: null, by: null });
    this.answer(request.id, wireError(refusal));
    this.end(refusal);
  }

  /** Ends the connection for something that its client did, and counts it. */
  refuse(refusal: Refusal): void {
    if (this.state === 'closed') return;
    this.broker.counters.refuse(refusal);
    this.end(refusal);
  }

  private answer(id: number | null, error: WireError): void {
    this.send({ type: 'result', id, ok: false, error });
  }

  private send(frame: ServerFrame): void {
    this.outbox.push(textFrame(frame), 0);
  }

  private leave(reason: CloseReason, refusal: Refusal | null = null): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.exchange?.end();
    this.outbox.finish();
    const ending = refusal ? closing(refusal) : null;
    this.link.end(ending?.code, ending?.text);
    if (this.opening) this.broker.sessions.abandon(this.opening);
    if (!this.session) return;
    if (this.session.peer === this) this.window?.leave(this.session, reason);
    this.broker.sessions.close(this.session, this, reason);
  }
}
