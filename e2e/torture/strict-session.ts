import type { IConnackPacket, IPublishPacket, ISubackPacket, Packet } from 'mqtt-packet';
import type { Journal } from './journal.js';
import type { Ledger, Totals } from './ledger.js';
import { describePacket } from './describe-packet.js';
import { makePayload, payloadKey, readPayload } from './payload.js';
import { checkProperties, makeProperties } from './publish-properties.js';
import type { Published } from './published.js';

/** What a device is, for the whole of its life. */
export interface SessionOptions {
  readonly clientId: string;
  readonly version: 4 | 5;
  /** Clean session 0, or a session expiry interval: it keeps its state, and so must the broker. */
  readonly isDurable: boolean;
  /** QoS 1 and 2 publishes without an answer that it allows itself. */
  readonly window: number;
  /** What it lets the broker have under way; null for as much as it likes. MQTT 5 only. */
  readonly receiveMaximum: number | null;
  /** Packet ids are taken from here, in a circle. */
  readonly packetIds: { readonly first: number; readonly last: number; readonly start: number };
}

/** A filter, always asked for in the same way. */
export interface Subscription {
  readonly filter: string;
  readonly qos: 1 | 2;
  readonly identifier: number | null;
}

/** A message to publish. */
export interface Outgoing {
  readonly message: Published;
  readonly bytes: number;
}

interface Exchange extends Outgoing {
  state: 'publish' | 'pubrel';
}

const SESSION_EXPIRY_SECONDS = 86_400;
const PACKET_ID_NOT_FOUND = 0x92;
/** Shutting down, busy, unavailable, quota exceeded, taken over: what may happen to a device that does nothing wrong. */
const HARMLESS_GOODBYES = new Set([0x88, 0x89, 0x8b, 0x8e, 0x97]);
const HARMLESS_REFUSALS = new Set([3, 0x88, 0x89, 0x97]);
/** Quota exceeded and "unspecified", which is all that MQTT 3 has. */
const HARMLESS_FAILURES = new Set([0x80, 0x88, 0x97]);

/**
 * A perfect device: it forgets nothing that the specification tells it to keep, and answers as it must. What it is sent
 * is told to the judge; what the broker may not do is noticed here. Knows nothing of sockets: packets in, packets out.
 *
 *     outgoing QoS 1   PUBLISH ▶ PUBACK ◀                     until PUBACK sent again on each new link, with DUP
 *     outgoing QoS 2   PUBLISH ▶ PUBREC ◀ PUBREL ▶ PUBCOMP ◀  likewise; after PUBREC it is PUBREL that is sent again
 *     incoming QoS 2   PUBLISH ◀ PUBREC ▶ PUBREL ◀ PUBCOMP ▶  taken once, as long as PUBREL has not freed the packet id
 */
export class StrictSession {
  /** What the broker has of us; unknown while a CONNECT has no answer. */
  private known: 'nothing' | 'session' | 'unknown' = 'nothing';
  private knownBefore = this.known;
  private readonly exchanges = new Map<number, Exchange>();
  private readonly taken = new Map<number, string>();
  private readonly wanted = new Map<string, Subscription>();
  private readonly granted = new Set<string>();
  private readonly leaving = new Set<string>();
  private nextId: number;
  private wantsCleanStart: boolean;
  private isLeavingForGood = false;
  // Of this link alone.
  private links = 0;
  private isLetIn = false;
  private window = 0;
  private readonly changes = new Map<number, string[]>();
  /** For which packet ids an answer may come. */
  private readonly asked = new Map<number, 'publish' | 'pubrel'>();
  /** Which publishes the broker has no answer to yet. */
  private readonly unanswered = new Map<number, string>();

  constructor(
    readonly options: SessionOptions,
    private readonly ledger: Ledger,
    private readonly journal: Pick<Journal, 'note'>,
  ) {
    this.nextId = options.packetIds.start;
    this.wantsCleanStart = !options.isDurable;
  }

  /** Who it is in the journal: with the number of its link. */
  get name(): string {
    return `${this.options.clientId}#${this.links}`;
  }

  get totals(): Totals {
    return this.ledger.totals;
  }

  get isOnline(): boolean {
    return this.isLetIn;
  }

  /** Every publish has its last answer. */
  get isIdle(): boolean {
    return this.exchanges.size === 0;
  }

  /** Every subscription is as wanted. */
  get isSubscribed(): boolean {
    return this.leaving.size === 0 && this.granted.size === this.wanted.size;
  }

  get mayPublish(): boolean {
    return this.isLetIn && this.exchanges.size < this.window;
  }

  /** True on a link that serves only to end a session of MQTT 3: leave at once. */
  get isPassing(): boolean {
    return this.isLetIn && this.options.isDurable && this.known === 'nothing';
  }

  /** The next CONNECT gives up what the broker has of us, and asks for a new session. */
  startAnew(): void {
    this.wantsCleanStart = true;
  }

  /** The next CONNECT gives up what the broker has of us, and nothing is wanted any more. */
  leaveForGood(): void {
    this.wantsCleanStart = true;
    this.isLeavingForGood = true;
    this.wanted.clear();
  }

  want(subscription: Subscription): void {
    this.leaving.delete(subscription.filter);
    this.wanted.set(subscription.filter, subscription);
  }

  wants(filter: string): boolean {
    return this.wanted.has(filter);
  }

  /** Wants a subscription no more. */
  unwant(filter: string): void {
    this.wanted.delete(filter);
    this.granted.delete(filter);
    this.leaving.add(filter);
  }

  /** The first packet of a new link. */
  connect(credentials: { username: string; password: string }): Packet {
    this.linkLost();
    this.links++;
    const { version, isDurable, receiveMaximum, clientId } = this.options;
    if (this.wantsCleanStart) this.forget();
    const expires = isDurable && !this.isLeavingForGood;
    const properties = {
      ...(expires && { sessionExpiryInterval: SESSION_EXPIRY_SECONDS }),
      ...(receiveMaximum !== null && { receiveMaximum }),
    };
    return {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: version,
      clean: this.wantsCleanStart,
      keepalive: 60,
      clientId,
      username: credentials.username,
      password: Buffer.from(credentials.password),
      ...(version === 5 && { properties }),
    };
  }

  /** Takes a packet id for the message; the PUBLISH to send. */
  publish(outgoing: Outgoing): Packet {
    const { qos } = outgoing.message;
    if (qos === 0) return this.publishPacket(outgoing, undefined);
    const id = this.freeId();
    this.exchanges.set(id, { ...outgoing, state: 'publish' });
    return this.publishPacket(outgoing, id);
  }

  /** SUBSCRIBE and UNSUBSCRIBE for what is not as wanted, unless an answer is still to come. */
  changeSubscriptions(): Packet[] {
    if (!this.isLetIn || this.changes.size > 0) return [];
    const packets: Packet[] = [];
    for (const { filter, qos, identifier } of this.wanted.values()) {
      if (this.granted.has(filter)) continue;
      const messageId = this.freeId();
      this.changes.set(messageId, [filter]);
      const properties = identifier === null ? {} : { properties: { subscriptionIdentifier: identifier } };
      packets.push({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos }], ...properties });
    }
    if (this.leaving.size > 0) {
      const messageId = this.freeId();
      this.changes.set(messageId, [...this.leaving]);
      packets.push({ cmd: 'unsubscribe', messageId, unsubscriptions: [...this.leaving] });
    }
    return packets;
  }

  /** Told just before a packet is written, in whole or in part. */
  sending(packet: Packet): void {
    const { clientId } = this.options;
    this.note('>', packet);
    switch (packet.cmd) {
      case 'connect':
        this.knownBefore = this.known;
        if (this.known === 'nothing' || packet.clean) this.known = 'unknown';
        return;
      case 'publish':
        if (packet.messageId) this.asked.set(packet.messageId, 'publish');
        return this.ledger.transmitting(this.messageOf(packet));
      case 'pubrel':
        return void this.asked.set(packet.messageId!, 'pubrel');
      case 'puback':
      case 'pubcomp':
        return void this.unanswered.delete(packet.messageId!);
      case 'subscribe':
        for (const { topic } of packet.subscriptions) this.ledger.subscribing(clientId, this.wanted.get(topic)!);
        return;
      case 'unsubscribe':
        for (const filter of packet.unsubscriptions) this.ledger.unsubscribing(clientId, filter);
    }
  }

  /** A packet of the broker, and what to answer. */
  receive(packet: Packet): Packet[] {
    this.note('<', packet);
    if (!this.isLetIn && packet.cmd !== 'connack') return this.breach(`${packet.cmd} before CONNACK`);
    switch (packet.cmd) {
      case 'connack':
        return this.letIn(packet);
      case 'publish':
        return this.take(packet);
      case 'puback':
      case 'pubrec':
        return this.answered(packet);
      case 'pubrel':
        return this.released(packet.messageId!);
      case 'pubcomp':
        return this.completed(packet.messageId!);
      case 'suback':
        return this.subscribed(packet);
      case 'unsuback':
        return this.unsubscribed(packet.messageId!, packet.granted);
      case 'disconnect':
        if (HARMLESS_GOODBYES.has(packet.reasonCode ?? 0)) return [];
        return this.breach(`DISCONNECT with ${hex(packet.reasonCode)} for a client that did nothing wrong`);
      case 'pingresp':
        return [];
      default:
        return this.breach(`${packet.cmd} from a broker`);
    }
  }

  /** The broker has done what no broker may do. */
  accuse(text: string, key: string | null = null): void {
    this.journal.note(this.name, `! ${text}`);
    this.ledger.accuse('protocol', this.options.clientId, { key }, text);
  }

  /** The link is gone, or will not be listened to any more. */
  linkLost(): void {
    this.isLetIn = false;
    this.changes.clear();
    this.asked.clear();
    this.unanswered.clear();
    if (!this.options.isDurable) this.abandon();
  }

  private letIn({ sessionPresent, reasonCode, returnCode, properties }: IConnackPacket): Packet[] {
    const code = reasonCode ?? returnCode ?? 0;
    if (this.isLetIn) return this.breach('a second CONNACK');
    if (code !== 0) return HARMLESS_REFUSALS.has(code) ? [] : this.breach(`CONNACK with ${hex(code)}`);
    this.isLetIn = true;
    this.window = Math.min(this.options.window, properties?.receiveMaximum ?? 65_535);
    if (sessionPresent && (this.wantsCleanStart || this.knownBefore === 'nothing')) {
      this.breach('session present, where there can be none [MQTT-3.2.2-1]');
    }
    if (!sessionPresent && !this.wantsCleanStart && this.knownBefore === 'session') {
      this.breach('the broker has lost the session [MQTT-3.2.2-2]');
    }
    if (this.wantsCleanStart) this.ledger.reset(this.options.clientId);
    if (!sessionPresent) this.forget();
    const { version, isDurable } = this.options;
    const isKept = isDurable && !this.isLeavingForGood && (version === 5 || !this.wantsCleanStart);
    this.known = isKept ? 'session' : 'nothing';
    if (isDurable && !this.isLeavingForGood) this.wantsCleanStart = false;
    return this.again();
  }

  /** [MQTT-4.4.0-1] What has no answer, in the order in which it was sent first. */
  private again(): Packet[] {
    return [...this.exchanges].map(([id, exchange]) =>
      exchange.state === 'pubrel' ? { cmd: 'pubrel', messageId: id } : this.publishPacket(exchange, id),
    );
  }

  private take(packet: IPublishPacket): Packet[] {
    const { qos, dup, topic, messageId: id = 0, retain } = packet;
    const key = readPayload(packet.payload as Buffer);
    if (key === null) return this.breach(`a PUBLISH to ${topic} whose content nobody sent`);
    if (retain) this.breach(`${key} is marked as retained`, key);
    if (qos > 0 && this.unanswered.has(id))
      this.breach(`packet id ${id} is in use for ${this.unanswered.get(id)}`, key);
    if (qos > 0) this.unanswered.set(id, key);
    if (this.unanswered.size > (this.options.receiveMaximum ?? 65_535)) {
      this.breach(`${this.unanswered.size} publishes under way, more than receive maximum [MQTT5-3.3.4-9]`, key);
    }
    const open = this.taken.get(id);
    if (qos > 0 && open !== undefined && open !== key) {
      this.breach(`packet id ${id} is used for ${key} before PUBREL for ${open} [MQTT5-2.2.1-4]`, key);
    }
    if (qos === 2 && open === key) {
      this.ledger.totals.redelivered++;
      if (!dup) this.breach(`${key} comes again without DUP [MQTT-3.3.1-1]`, key);
    } else {
      this.ledger.arrived(this.options.clientId, { key, topic, qos, dup, identifiers: this.identifiersOf(packet) });
    }
    this.judgeProperties(key, packet);
    if (qos === 0) return [];
    if (qos === 2) this.taken.set(id, key);
    return [{ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: id }];
  }

  private answered({
    cmd,
    messageId: id = 0,
    reasonCode = 0,
  }: Extract<Packet, { cmd: 'puback' | 'pubrec' }>): Packet[] {
    const exchange = this.exchanges.get(id);
    const isAsked = this.asked.get(id) === 'publish' && exchange?.state === 'publish';
    if (!isAsked || exchange.message.qos !== (cmd === 'puback' ? 1 : 2))
      return this.breach(`${cmd} ${id} answers nothing`);
    this.asked.delete(id);
    if (reasonCode >= 0x80) {
      if (!HARMLESS_FAILURES.has(reasonCode)) this.breach(`${cmd} with ${hex(reasonCode)}`, exchange.message.key);
      this.exchanges.delete(id);
      this.ledger.givenUp(exchange.message, 'refused');
      return [];
    }
    this.ledger.acknowledged(exchange.message);
    if (cmd === 'puback') {
      this.exchanges.delete(id);
      return [];
    }
    exchange.state = 'pubrel';
    return [{ cmd: 'pubrel', messageId: id }];
  }

  private released(id: number): Packet[] {
    const isTaken = this.taken.delete(id);
    // PUBCOMP may have been lost, then PUBREL comes once more.
    const reason = this.options.version === 5 && !isTaken ? { reasonCode: PACKET_ID_NOT_FOUND } : {};
    return [{ cmd: 'pubcomp', messageId: id, ...reason }];
  }

  private completed(id: number): Packet[] {
    if (this.asked.get(id) !== 'pubrel') return this.breach(`pubcomp ${id} answers nothing`);
    this.asked.delete(id);
    this.exchanges.delete(id);
    return [];
  }

  private subscribed({ messageId: id = 0, granted }: ISubackPacket): Packet[] {
    const filters = this.changes.get(id);
    this.changes.delete(id);
    const codes = granted as number[];
    if (filters?.length !== codes.length) return this.breach(`suback ${id} answers nothing`);
    for (const [at, filter] of filters.entries()) {
      const code = codes[at]!;
      if (HARMLESS_FAILURES.has(code)) continue; // asked for again, later
      if (code !== this.wanted.get(filter)?.qos) this.breach(`suback of ${filter} with ${hex(code)}`);
      this.granted.add(filter);
      this.ledger.subscribed(this.options.clientId, filter);
    }
    return [];
  }

  private unsubscribed(id: number, codes: readonly number[] = []): Packet[] {
    const filters = this.changes.get(id);
    this.changes.delete(id);
    if (!filters) return this.breach(`unsuback ${id} answers nothing`);
    for (const [at, filter] of filters.entries()) {
      if ((codes[at] ?? 0) >= 0x80) continue;
      this.leaving.delete(filter);
      this.ledger.unsubscribed(this.options.clientId, filter);
    }
    return [];
  }

  private publishPacket({ message, bytes }: Outgoing, messageId: number | undefined): Packet {
    const { key, topic, qos, transmissions } = message;
    const payload = makePayload(key, bytes);
    const dup = qos > 0 && transmissions > 0;
    const properties = message.hasProperties ? { properties: makeProperties(message) } : {};
    return { cmd: 'publish', topic, qos, dup, retain: false, payload, messageId, ...properties };
  }

  private messageOf(packet: IPublishPacket): Published {
    return this.ledger.find(payloadKey(packet.payload as Buffer))!;
  }

  private identifiersOf({ properties }: IPublishPacket): readonly number[] | null {
    return this.options.version === 5 ? [properties?.subscriptionIdentifier ?? []].flat() : null;
  }

  private judgeProperties(key: string, { properties }: IPublishPacket): void {
    const message = this.ledger.find(key);
    if (this.options.version !== 5 || !message?.hasProperties) return; // MQTT 3 has none
    const fault = checkProperties(message, properties);
    if (fault !== null) this.breach(`${key} ${fault}`, key);
  }

  private freeId(): number {
    const { first, last } = this.options.packetIds;
    for (let tries = first; tries <= last; tries++) {
      const id = this.nextId;
      this.nextId = id >= last ? first : id + 1;
      if (!this.exchanges.has(id) && !this.changes.has(id)) return id;
    }
    throw new Error(`${this.options.clientId} has no packet id left.`);
  }

  /** There is no session any more, at either end. */
  private forget(): void {
    this.ledger.resetting(this.options.clientId);
    this.abandon();
    this.taken.clear();
    this.granted.clear();
    this.leaving.clear();
  }

  private abandon(): void {
    for (const { message } of this.exchanges.values()) this.ledger.givenUp(message, 'abandoned');
    this.exchanges.clear();
  }

  private note(direction: '<' | '>', packet: Packet): void {
    const key = packet.cmd === 'publish' ? payloadKey(packet.payload as Buffer) : this.keyOf(direction, packet);
    this.journal.note(this.name, `${direction} ${describePacket(packet, key)}`);
  }

  /** The message that an answer is about. */
  private keyOf(direction: '<' | '>', { cmd, messageId: id = 0 }: Packet): string | null {
    const isAnswer = cmd === 'puback' || cmd === 'pubrec' || cmd === 'pubcomp';
    if (!isAnswer && cmd !== 'pubrel') return null;
    if ((direction === '<') === isAnswer) return this.exchanges.get(id)?.message.key ?? null;
    return this.unanswered.get(id) ?? this.taken.get(id) ?? null;
  }

  private breach(text: string, key: string | null = null): [] {
    this.accuse(text, key);
    return [];
  }
}

function hex(code = 0): string {
  return `0x${code.toString(16).padStart(2, '0')}`;
}
