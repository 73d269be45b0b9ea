import { userKey } from '../../access/admitted.js';
import type { Connection } from '../../admission/connections.js';
import type { Broker } from '../../broker.js';
import type { Caller } from '../../caller.js';
import type { CloseReason } from '../../events.js';
import type { Frame } from '../../frame.js';
import type { Watched } from '../../keep-alive.js';
import type { LinkHandler } from '../../link.js';
import type { ListenerTerms } from '../../listener-terms.js';
import { Outbox } from '../../outbox.js';
import type { Outgoing } from '../../outgoing.js';
import type { Refusal } from '../../refusal.js';
import { ResumeWindow } from '../../resume-window.js';
import type { Peer, Session } from '../../session.js';
import { Subscription } from '../../subscription.js';
import { eventFormat, namedEvent } from './event-format.js';
import { eventIdHead, type EventPoint } from './event-id.js';
import { EventLink, type EventSink } from './event-link.js';

/** What a stream is asked for with. */
export interface StreamRequest {
  readonly caller: Caller;
  readonly filters: readonly string[];
  /** What topics keep comes first. */
  readonly retained: boolean;
  /** A device; false for an operator, who is in no presence and under no policy. */
  readonly isClient: boolean;
  readonly port: number | null;
  /** Of the listener that the request came to. */
  readonly terms: ListenerTerms;
  /** The name in the certificate of who asks, which was verified; null where there is none. */
  readonly certificateName: string | null;
  /** Where an earlier stream broke off; null for a new one, `unknown` where that cannot be told. */
  readonly from: EventPoint | 'unknown' | null;
}

/** Often enough that no proxy takes a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = [Buffer.from(': \n\n')];
/** What a browser waits for before it comes back, in ms. */
const RETRY = Buffer.from('retry: 2000\n\n');
/** How a stream may end so that its client can come back to it. */
const BREAKS: ReadonlySet<CloseReason> = new Set<CloseReason>([
  'connection-lost',
  'session-taken-over',
  'quota-exceeded',
]);

/** One response that a client is sent what its filters match over, as events. */
export class EventStream implements Connection, Peer, LinkHandler, Watched {
  readonly format = eventFormat;
  readonly maximumPacketBytes = Number.POSITIVE_INFINITY;
  readonly receiveMaximum = 0;
  readonly outbox: Outbox;
  readonly link: EventLink;
  /** What the session keeps for a client that comes back; null where it does not. */
  readonly window: ResumeWindow | null;
  /** The next heartbeat. */
  dueAt = Number.POSITIVE_INFINITY;
  lookTick = 0;
  isClosed = false;
  /** Why it ended; null until then. */
  closeReason: CloseReason | null = null;
  /** Messages that were written to it, and those that it was too slow for. */
  sent = 0;
  dropped = 0;
  private session: Session | null = null;
  private readonly goesOn: boolean;
  private readonly idHead: string;

  constructor(
    private readonly broker: Broker,
    private readonly request: StreamRequest,
    sink: EventSink,
  ) {
    const { clientId, address } = request.caller.admitted.identity;
    const former = formerWindow(broker, request);
    this.goesOn = former !== null;
    this.window = former ?? newWindow(broker);
    this.idHead = this.window ? eventIdHead({ clientId, session: this.window.id }) : '';
    const { port, certificateName } = request;
    this.link = new EventLink(sink, { address, port, certificateName });
    this.outbox = new Outbox(this.link, broker, this);
    this.outbox.packWith((first) => this.pack(first));
    this.link.open(this);
  }

  get address(): string | null {
    return this.link.address;
  }

  get terms(): ListenerTerms {
    return this.request.terms;
  }

  /** Serves the session from now on: what was missed, what topics keep, then what comes. */
  begin(session: Session): void {
    this.session = session;
    const { broker, window } = this;
    broker.counters.streamsOpened++;
    const { filters, from } = this.request;
    this.link.send([RETRY]);
    const point = this.goesOn && from !== null && from !== 'unknown' ? from : null;
    this.push(namedEvent('subscribed', { clientId: session.clientId, filters, resumed: point !== null }));
    if (point && window) {
      const { lost, frames } = window.rewind(point.offset, broker.clock.now());
      broker.counters.resumes++;
      broker.counters.missedAtResume += lost;
      if (lost > 0) this.push(namedEvent('gap', { lost }));
      for (const frame of frames) this.push(frame);
    } else if (from !== null) this.push(namedEvent('gap', { lost: null }));
    this.subscribe(session);
    this.beat();
  }

  /** There will be no session. */
  discard(): void {
    this.isClosed = true;
    this.outbox.discard();
    if (!this.goesOn) this.window?.end();
  }

  expired(): void {
    if (this.link.hasRoom) this.link.send(HEARTBEAT);
    this.tellDropped();
    this.beat();
  }

  drained(): void {
    this.outbox.drained();
    this.session?.drained();
    this.tellDropped();
  }

  overflowed(): void {
    this.broker.clock.soon(() => this.refuse('quota-exceeded'));
  }

  revoked(filters: readonly string[]): void {
    if (filters.length === 0) return;
    this.push(namedEvent('revoked', { filters }));
    if (this.session?.subscriptions.size === 0) this.end('not-authorized');
  }

  end(refusal: Refusal): void {
    if (this.isClosed) return;
    this.push(namedEvent('end', { reason: refusal }));
    this.leave(refusal);
  }

  refuse(refusal: Refusal): void {
    if (this.isClosed) return;
    this.broker.counters.refuse(refusal);
    this.end(refusal);
  }

  closed(): void {
    this.leave('connection-lost');
    this.broker.unlink(this);
  }

  // Nothing is read, and nothing is delivered at QoS 2.
  received(): void {}
  release(): void {}
  broken(): void {}

  /** What the session has not been subscribed to yet; what it has and is not asked for again goes. */
  private subscribe(session: Session): void {
    const { filters, retained } = this.request;
    const wanted = new Set(filters);
    for (const filter of [...session.subscriptions.keys()])
      if (!wanted.has(filter)) this.broker.unsubscribe(session, filter);
    for (const filter of wanted) {
      if (session.subscriptions.has(filter)) continue;
      const request = { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
      const outcome = this.broker.subscribe(session, request);
      if (!(outcome instanceof Subscription)) return this.end(outcome);
      if (retained) this.broker.replay(outcome);
    }
  }

  private push(frame: Frame): void {
    this.outbox.push(frame, 0);
  }

  private beat(): void {
    this.dueAt = this.broker.clock.uptime() + HEARTBEAT_MS;
    this.broker.keepAlive.watch(this);
  }

  private tellDropped(): void {
    const count = this.countDropped();
    if (count > 0 && !this.isClosed) this.push(namedEvent('dropped', { count }));
  }

  /** How many it was too slow for since the last time. */
  private countDropped(): number {
    const dropped = this.outbox.dropped - this.outbox.takenBack;
    const count = dropped - this.dropped;
    this.dropped = dropped;
    this.broker.counters.eventsDropped += count;
    return count;
  }

  private leave(reason: CloseReason): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.closeReason = reason;
    this.outbox.finish();
    this.countDropped();
    this.link.end();
    const { session } = this;
    if (!session) return;
    this.broker.counters.streamsClosed++;
    if (!this.window || !BREAKS.has(reason)) session.sessionExpiryInterval = 0;
    this.broker.sessions.close(session, this, reason);
  }

  /** Gives each delivery its id, which is where its client can go on. */
  private pack(first: Outgoing): Buffer[] {
    const chunks: Buffer[] = [];
    let sent = 0;
    for (let outgoing: Outgoing | null = first; outgoing !== null; outgoing = outgoing.next) {
      const { frame } = outgoing;
      if (frame.isDroppable) sent++;
      if (this.window && frame.isDroppable) {
        this.window.sent(frame);
        chunks.push(Buffer.from(`id: ${this.idHead}${this.window.offset}\n`));
      }
      chunks.push(frame.bytes);
    }
    this.sent += sent;
    this.broker.counters.eventsSent += sent;
    return chunks;
  }
}

/** Only for the user whose session it is. */
function formerWindow({ sessions }: Broker, { caller, from }: StreamRequest): ResumeWindow | null {
  const options = sessions.get(caller.clientId)?.options;
  const window = options?.window;
  if (from === null || from === 'unknown' || !options || !(window instanceof ResumeWindow)) return null;
  const isTheirs = window.id === from.session && options.protocol === 'sse';
  return isTheirs && userKey(options) === userKey(caller.admitted) ? window : null;
}

function newWindow({ limits, away }: Broker): ResumeWindow | null {
  return limits.resumeSeconds > 0 && away.hasRoom ? new ResumeWindow(away, eventFormat) : null;
}
