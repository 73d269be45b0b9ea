import type { RevocationNotice } from '../../access/live-access.js';
import type { Connection } from '../../admission/connections.js';
import type { Broker } from '../../broker.js';
import type { CloseReason } from '../../events.js';
import { controlFrame, type Frame, type WireFormat } from '../../frame.js';
import type { Watched } from '../../keep-alive.js';
import type { Link, LinkHandler } from '../../link.js';
import { limitsAt, type ListenerTerms } from '../../listener-terms.js';
import { Outbox } from '../../outbox.js';
import type { Parting } from '../../parting.js';
import type { Authentication } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { Session, SessionOptions } from '../../session.js';
import type { Opening } from '../../session-registry.js';
import { AuthGate, type Gated } from './auth-gate.js';
import { LARGEST_PACKET_BYTES, type Audience } from './audience.js';
import { credentialsOf, readFirstPacket, sessionOptions, turnOut } from './entry.js';
import type { ExchangePeer, Outcome } from './exchange-peer.js';
import { acceptance, type ConnectRequest } from './handshake.js';
import { logIn } from './log-in.js';
import { MqttExchange } from './mqtt-exchange.js';
import { disconnection, refusedConnack } from './notices.js';
import type { MqttVersion } from './packet-codec.js';
import { packerWithAliases } from './outgoing-aliases.js';
import { PacketFramer, type PacketTaker } from './packet-framer.js';
import { mqtt3Format, mqtt5Format } from './publish-format.js';
import { whenAnswered } from './when-answered.js';

type State = 'waiting' | 'authenticating' | 'open' | 'closed';

/** [MQTT-3.1.2-24] [MQTT5-3.1.2-22] the client has one and a half times its keep-alive. */
const KEEP_ALIVE_FACTOR_MS = 1500;
const CONNECT_TYPE = 1;
const AUTH_TYPE = 15;

/**
 * One MQTT client, from its first byte to its last.
 *
 *     waiting --CONNECT--> authenticating --let in, session ready--> open --> closed
 *        \--timeout, not a CONNECT--\--refused------------------------------> closed
 */
export class MqttConnection implements LinkHandler, Connection, ExchangePeer, Watched, Gated, PacketTaker {
  readonly outbox: Outbox;
  format: WireFormat = mqtt3Format;
  maximumPacketBytes = LARGEST_PACKET_BYTES;
  receiveMaximum = 0;
  lookTick = 0;
  /** While it is pending: when it came. */
  private lastReceivedAt: number;
  private keepAliveMs = 0;
  private state: State = 'waiting';
  private hasBegun = false;
  /** What it asked for, until it is let in. */
  private request: ConnectRequest | null = null;
  private version: MqttVersion | null = null;
  private audience: Audience | null = null;
  private opening: Opening | null = null;
  private session: Session | null = null;
  private exchange: MqttExchange | null = null;
  /** The authorizer is being asked. */
  isAsking = false;
  /** Null where its CONNECT named no method of authentication. */
  private gate: AuthGate | null = null;
  /** The client sends no more; it is gone when what it sent has been taken. */
  private isLast = false;
  private readonly framer: PacketFramer;

  constructor(
    readonly broker: Broker,
    readonly link: Link,
    readonly terms: ListenerTerms,
  ) {
    this.lastReceivedAt = broker.clock.uptime();
    this.framer = new PacketFramer(limitsAt(terms, broker.limits).connectPacketBytes);
    this.outbox = new Outbox(link, broker, this);
    broker.keepAlive.watch(this);
  }

  get address(): string | null {
    return this.link.address;
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  get dueAt(): number {
    if (this.isPending) return this.lastReceivedAt + this.broker.limits.connectTimeoutMs;
    return this.keepAliveMs > 0 ? this.lastReceivedAt + this.keepAliveMs : Number.POSITIVE_INFINITY;
  }

  /** No CONNECT has been accepted yet. */
  private get isPending(): boolean {
    return this.state === 'waiting' || this.state === 'authenticating';
  }

  received(bytes: Buffer): void {
    if (this.state === 'closed' || bytes.length === 0) return;
    this.broker.counters.bytesReceived += bytes.length;
    // [MQTT-3.1.0-1] the first packet is a CONNECT; its first byte tells, before anything is kept
    if (!this.hasBegun && (bytes[0] as number) >> 4 !== CONNECT_TYPE) return this.refuse('protocol-error');
    this.hasBegun = true;
    // A link may hand on what it had read before it was paused.
    if (this.isWaiting) return this.framer.keep(bytes);
    const { counters } = this.broker;
    const packets = counters.packetsReceived;
    this.exchange?.begin();
    try {
      const refusal = this.framer.push(bytes, this);
      if (refusal) this.refuse(refusal);
    } catch (error) {
      this.failed(error);
    }
    // [MQTT-3.1.2-24] [MQTT5-3.1.2-22] whole packets keep a connection alive, not the bytes of one that never ends
    if (counters.packetsReceived > packets) this.heard();
  }

  drained(): void {
    this.outbox.drained();
    this.session?.drained();
  }

  broken(refusal: Refusal): void {
    if (this.state === 'closed') return;
    this.broker.counters.refuse(refusal);
    this.leave(refusal);
  }

  ended(): void {
    this.isLast = true;
    this.leaveIfLast();
  }

  /** What a client sent before it went in order is still taken, as on a socket that is only half closed. */
  closed(error: Error | null): void {
    if (error) this.leave('connection-lost');
    else this.ended();
    this.broker.unlink(this);
  }

  expired(): void {
    if (this.isPending) return this.refuse('connect-timeout');
    if (!this.isWaiting) return this.refuse('keep-alive-timeout');
    // We do not listen now, so the client's silence is ours.
    this.heard();
    this.broker.keepAlive.watch(this);
  }

  /** How long a client may take to be let in counts from its first moment. */
  private heard(): void {
    if (!this.isPending) this.lastReceivedAt = this.broker.clock.uptime();
  }

  release(packetId: number): void {
    this.exchange?.release(packetId);
  }

  /** MQTT has no word for a subscription that is gone: the messages stop, or the client is sent away and may come back. */
  revoked(_filters: readonly string[], { disconnect, reason }: RevocationNotice): void {
    if (disconnect) this.end('not-authorized', { reason });
  }

  end(refusal: Refusal, parting: Parting = {}): void {
    if (this.state === 'closed') return;
    const notice = this.notice(refusal, parting);
    if (notice && notice.length <= this.maximumPacketBytes) this.outbox.push(controlFrame(notice), 0);
    this.leave(refusal);
  }

  private guard(run: () => Refusal | null): void {
    try {
      const refusal = run();
      if (refusal) this.refuse(refusal);
    } catch (error) {
      this.failed(error);
    }
  }

  /** An exception is our own fault: it costs this link and is reported. */
  private failed(error: unknown): void {
    this.broker.report(error, `mqtt connection of ${this.session?.clientId ?? 'an unknown client'}`);
    this.refuse('internal-error');
  }

  overflowed(): void {
    this.broker.clock.soon(() => this.refuse('quota-exceeded'));
  }

  /** Ends the link for something that its client did, and counts it. */
  refuse(refusal: Refusal): void {
    if (this.state === 'closed') return;
    this.broker.counters.refuse(refusal);
    this.end(refusal);
  }

  take(chunk: Buffer, start: number, end: number): boolean {
    this.broker.counters.packetsReceived++;
    if (this.state === 'open') this.takeOpen(chunk, start, end);
    else if (this.gate) this.conclude(this.gate.takeFirst(chunk.subarray(start, end)));
    else this.takeFirst(chunk.subarray(start, end));
    return !this.isClosed && !this.isWaiting;
  }

  /** Nothing more is taken now: who the client is, or its earlier publishes, must be settled first. */
  private get isWaiting(): boolean {
    if (this.isAsking) return true;
    if (this.state === 'authenticating') return this.gate?.isAsking !== true;
    return this.exchange?.isCongested === true;
  }

  /** MQTT 3 knows no Receive Maximum: a client that is ahead of the commits is held back by its own socket. */
  relieved(): void {
    if (this.state !== 'open' || this.isAsking) return;
    this.heard(); // until now the silence was ours
    this.exchange?.begin();
    this.guard(() => this.framer.resume(this));
    if (!this.isWaiting) this.link.resume();
    this.leaveIfLast();
  }

  private leaveIfLast(): void {
    if (this.isLast && !this.isAsking && !(this.isWaiting && this.framer.holdsBytes)) this.leave('connection-lost');
  }

  private takeOpen(chunk: Buffer, start: number, end: number): void {
    const type = (chunk[start] as number) >> 4;
    // [MQTT-3.1.0-2] a second CONNECT, whatever it says
    if (type === CONNECT_TYPE) this.refuse('protocol-error');
    else if (type === AUTH_TYPE && this.gate) this.conclude(this.gate.take(chunk.subarray(start, end)));
    else this.conclude((this.exchange as MqttExchange).take(chunk, start, end));
  }

  private conclude(outcome: Outcome): void {
    if (outcome === null) {
      if (this.isWaiting) this.link.pause();
      return;
    }
    if (outcome === 'client-disconnected' || outcome === 'disconnected-with-will') this.leave(outcome);
    else if (outcome !== 'connection-lost') this.refuse(outcome);
  }

  private takeFirst(bytes: Buffer): void {
    const { version, audience, request } = readFirstPacket(bytes, this, this.broker);
    this.version = version;
    this.audience = audience;
    if (version === 5) this.format = mqtt5Format;
    if (audience) this.maximumPacketBytes = audience.maximumPacketBytes;
    if (typeof request === 'string') return this.refuse(request);
    this.request = request;
    this.authenticate(request);
  }

  private authenticate(request: ConnectRequest): void {
    this.state = 'authenticating';
    const credentials = credentialsOf(request, this);
    const { authenticationMethod: method } = request;
    if (method === null) logIn(this.broker, credentials, this);
    else {
      this.gate = new AuthGate(this.broker, { client: { ...credentials, password: null }, method }, this);
      this.gate.start(request.authenticationData);
    }
    request.password = null;
    if (this.isWaiting) this.link.pause();
  }

  /** Goes on with what had to wait for an answer, unless the link has ended meanwhile. */
  goOn(run: () => void): void {
    if (this.isClosed) return;
    this.heard();
    this.guard(() => {
      run();
      this.exchange?.begin();
      return this.isClosed || this.isWaiting ? null : this.framer.resume(this);
    });
    if (!this.isWaiting) this.link.resume();
    this.leaveIfLast();
  }

  send(packet: Buffer): void {
    // [MQTT5-3.1.2-24] an answer can be neither left out nor sent in parts
    this.answer(controlFrame(packet), 0);
  }

  answer(frame: Frame, packetId: number): void {
    if (frame.length > this.maximumPacketBytes) this.refuse('packet-too-large');
    else this.outbox.push(frame, packetId);
  }

  decided(authentication: Authentication, data: Buffer | null): void {
    const request = this.request as ConnectRequest;
    request.authenticationData = data;
    const options = sessionOptions(this.broker, { request, link: this.link, peer: this }, authentication);
    if (options instanceof Promise) whenAnswered(this, options, (asked) => this.enter(request, asked));
    else this.enter(request, options);
  }

  waitFor(answered: Promise<void>, goOn: () => Outcome): void {
    whenAnswered(this, answered, () => this.conclude(goOn()));
  }

  private enter(request: ConnectRequest, options: SessionOptions | Refusal): void {
    if (typeof options === 'string') this.end(options, { reason: this.broker.refusals.reason });
    else this.open(request, options);
  }

  private open(request: ConnectRequest, options: SessionOptions): void {
    const opening = this.broker.open(options);
    if (typeof opening === 'string') {
      turnOut(this.broker, { request, link: this.link }, { refusal: opening });
      return this.end(opening);
    }
    this.opening = opening;
    if (!opening.ready) return this.begin(request, opening);
    this.link.pause();
    opening.ready
      .then(
        () => this.goOn(() => this.begin(request, opening)),
        () => this.refuse('unavailable'),
      )
      .catch((error: unknown) => this.broker.report(error, 'session'));
  }

  private begin(request: ConnectRequest, opening: Opening): void {
    const limits = limitsAt(this.terms, this.broker.limits);
    const host = { limits, responseTopicPrefix: this.broker.responseTopicPrefix };
    const connack = acceptance(request, host, opening);
    if (connack.length > this.maximumPacketBytes) return this.refuse('packet-too-large');
    this.framer.limitBytes = limits.packetBytes;
    this.state = 'open';
    this.opening = null;
    this.request = null;
    this.receiveMaximum = request.receiveMaximum;
    this.keepAliveMs = request.keepAlive * KEEP_ALIVE_FACTOR_MS;
    this.session = opening.session;
    const { sessionExpiryInterval, isBridge } = request;
    this.exchange = new MqttExchange(this.broker, this.session, {
      audience: this.audience as Audience,
      mayOutlive: sessionExpiryInterval > 0,
      isBridge,
      peer: this,
    });
    this.outbox.push(connack, 0);
    if (request.topicAliasMaximum > 0) this.outbox.packWith(packerWithAliases(request, limits));
    this.broker.sessions.begin(opening);
    this.gate?.opened(this.session);
    this.heard();
    this.broker.keepAlive.watch(this);
  }

  /** The packet that tells the client why, where its version has one. */
  private notice(refusal: Refusal, parting: Parting): Buffer | null {
    if (this.version === null) return null;
    const farewell = { ...parting, refusal, serverReference: this.broker.serverReference };
    if (this.state !== 'open') return refusedConnack(farewell, this.version, this.audience);
    return disconnection(farewell, this.audience as Audience);
  }

  private leave(reason: CloseReason): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.gate?.end();
    this.exchange?.end();
    this.outbox.finish();
    this.link.end();
    if (this.opening) this.broker.sessions.abandon(this.opening);
    if (this.session) this.broker.sessions.close(this.session, this, reason);
  }
}
