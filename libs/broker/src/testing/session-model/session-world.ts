import type { IPublishPacket, Packet } from 'mqtt-packet';
import { expect } from 'vitest';
import type { Qos } from '../../message.js';
import { MqttClient } from '../mqtt-client.js';
import { aPolicy, newBroker, type TestBroker } from '../new-broker.js';
import { CrashingSessionStore, Disk } from './crashing-session-store.js';
import { ModelSession, type Arrival, type Debt, type ModelConnection, type ModelMessage } from './session-model.js';
import { SharedPool } from './shared-pool.js';
import { SHARED_FILTER, SHARED_TOPIC, STEP_SECONDS, type Step, type StepOf } from './steps.js';

const IN_FLIGHT_LIMIT = 4;
const FOR_EVER = 0xffff_ffff;
const UNKNOWN_PACKET_ID = 0x92;
/** Deadlines are five seconds after a step; this long after them everybody must have noticed. */
const PARTS_OF_A_STEP_MS = [6000, STEP_SECONDS * 1000 - 6000];

const ALL = { topics: ['#', '$s/#', '$SYS/#'] };
const open = aPolicy(ALL);
const closed = aPolicy({ effect: 'deny', access: 'sub', topics: ['x'] }, ALL);

/** Steps that may be made while commits wait. */
const MAY_WAIT = ['publish', 'ack', 'send2', 'resend2', 'release2', 'hold', 'commit', 'stall', 'readOn'];
/** Steps that are made while everybody reads, because their outcome is to be seen at once. */
const MUST_BE_READ = ['subscribe', 'unsubscribe', 'wrongAck', 'send2', 'release2', 'advance', 'policy'];

/** A client at the other end of the wire, and how much of what came has been told to the model. */
interface Wire {
  readonly client: MqttClient;
  readonly connection: ModelConnection;
  readonly session: ModelSession;
  read: number;
  /** PUBRELs that answer what the client made up. */
  readonly strays: Set<number>;
  /** The topics that the broker has given a number on this connection, and how many it may [MQTT5-3.3.2-9]. */
  readonly aliases: Map<number, string>;
  readonly aliasLimit: number;
}

/** The broker and the model side by side: every step happens to both, and what comes out must agree. */
export class SessionWorld {
  private readonly disk = new Disk();
  private store = new CrashingSessionStore(this.disk);
  private it!: TestBroker;
  private source!: MqttClient;
  private sourceRead = 0;
  private sourceSent = new Map<number, ModelMessage>();
  private readonly sessions = new Map<string, ModelSession>();
  private readonly wires = new Map<string, Wire>();
  private readonly pool = new SharedPool();
  private isClosed = false;
  private messages = 0;
  private ranks = 0;

  /** The broker runs, and somebody publishes. */
  async start(): Promise<void> {
    const now = this.it?.clock.now();
    this.it = newBroker({
      sessionStore: this.store,
      limits: { inFlightPerSession: IN_FLIGHT_LIMIT },
      policy: this.isClosed ? closed : open,
    });
    if (now !== undefined) this.it.clock.set(now);
    await this.it.broker.start();
    this.source = new MqttClient(this.it, { clientId: 'source', protocolVersion: 5 }).connect();
    this.sourceRead = 0;
    this.sourceSent = new Map();
    await this.settle();
  }

  async apply(step: Step): Promise<void> {
    // Only these may meet commits that wait: what else is lost in a crash would need a model of its own.
    if (!MAY_WAIT.includes(step.kind)) {
      const isCrash = step.kind === 'restart' && step.isCrash;
      if (!isCrash) await this.releaseCommits();
    }
    if (MUST_BE_READ.includes(step.kind)) await this.readAllOn();
    switch (step.kind) {
      case 'stall':
      case 'readOn':
        return this.setReading(step);
      case 'connect':
        return this.connect(step);
      case 'subscribe':
        return this.subscribe(step);
      case 'unsubscribe':
        return this.unsubscribe(step);
      case 'publish':
        return this.publish(step);
      case 'ack':
        return this.ack(step);
      case 'ackAll':
        return this.ackAll(step.id);
      case 'refuse':
        return this.refuse(step);
      case 'wrongAck':
        return this.wrongAck(step);
      case 'send2':
        return this.send2(step);
      case 'resend2':
        return this.resend2(step);
      case 'release2':
        return this.release2(step);
      case 'leave':
        return this.leave(step);
      case 'advance':
        return this.advance(step.steps);
      case 'policy':
        return this.setPolicy(step.isClosed);
      case 'restart':
        return this.restart(step.isCrash);
      case 'hold':
        this.store.isHolding = true;
        return;
      case 'commit':
        this.store.commit();
        return this.settle();
    }
  }

  /** Everybody comes back and acknowledges everything: then nobody is owed anything. */
  async finish(): Promise<void> {
    await this.releaseCommits();
    for (const { client, connection } of this.wires.values()) this.readOn(client, connection);
    await this.settle();
    const back = {
      kind: 'connect',
      version: 5,
      clean: false,
      expiry: FOR_EVER,
      receiveMaximum: undefined,
      topicAliasMaximum: undefined,
      will: null,
    } as const;
    for (const { clientId, connection } of [...this.sessions.values()])
      if (!connection) await this.connect({ ...back, id: clientId });
    for (const { clientId } of [...this.sessions.values()]) await this.ackAll(clientId);
    const now = this.it.clock.now();
    for (const { clientId, debts } of this.sessions.values()) {
      const owed = debts.filter(
        ({ message, mayBeDropped }) => !mayBeDropped && (message.expiresAt === null || message.expiresAt > now),
      );
      expect([clientId, owed.map(({ message }) => message.text)]).toEqual([clientId, []]);
    }
    this.pool.finished(now);
    await this.it.broker.close();
    expect(this.it.faults).toEqual([]);
  }

  private async connect(step: StepOf<'connect'>): Promise<void> {
    const { id, version, clean, receiveMaximum, topicAliasMaximum } = step;
    const expiry = version === 4 ? (clean ? 0 : Infinity) : step.expiry === FOR_EVER ? Infinity : step.expiry;
    const former = this.sessions.get(id);
    if (former?.connection) this.disconnected(former, { isContinued: !clean, hasWill: true });
    const resumed = clean ? undefined : this.sessions.get(id);
    if (clean && this.sessions.has(id)) this.end(this.sessions.get(id)!);
    const session = resumed ?? new ModelSession(id, expiry);
    this.sessions.set(id, session);
    const window = Math.min(version === 5 ? (receiveMaximum ?? 65_535) : 65_535, IN_FLIGHT_LIMIT);
    Object.assign(session, {
      expiry,
      endsAt: null,
      willDueAt: null,
      connection: { version, window, expected0: [], isStalled: false },
    });
    const willMessage = step.will && this.newMessage(step.will.topic, step.will.qos, null);
    // Nobody is told when a will is published, so nothing may be lost of it.
    if (willMessage) willMessage.isAcknowledged = true;
    session.will =
      step.will && willMessage ? { message: willMessage, delay: version === 5 ? step.will.delay : 0 } : null;
    const client = new MqttClient(this.it, {
      clientId: id,
      protocolVersion: version,
      clean,
      ...(step.will && willMessage ? { will: willOf(step.will, willMessage, version) } : {}),
      ...(version === 5
        ? { properties: { sessionExpiryInterval: step.expiry, receiveMaximum, topicAliasMaximum } }
        : {}),
    }).connect();
    this.wires.set(id, {
      client,
      connection: session.connection!,
      session,
      read: 0,
      strays: new Set(),
      aliases: new Map(),
      aliasLimit: topicAliasMaximum ?? 0,
    });
    await this.settle();
    const connack = client.last('connack');
    expect(connack).toMatchObject({ sessionPresent: resumed !== undefined });
    expect(connack?.reasonCode ?? connack?.returnCode).toBe(0);
    const granted = connack?.properties?.sessionExpiryInterval;
    if (granted !== undefined) session.expiry = granted === FOR_EVER ? Infinity : granted;
    if (!resumed) session.unreleased.clear();
    for (const [messageId, message] of session.unreleased) {
      // Nobody had promised to keep it before the crash: it is as if it had never been sent.
      if (message.isLost) this.spread(message);
      message.isLost = false;
      this.sendAgain(this.wires.get(id)!, messageId, message);
    }
    await this.settle();
  }

  private async subscribe({ id, filter, qos, identifier }: StepOf<'subscribe'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire) return;
    const isRefused = this.isClosed && filter === 'x';
    const given = wire.connection.version === 5 ? identifier : undefined;
    if (!isRefused) wire.session.subscriptions.set(filter, { qos, identifier: given });
    if (filter === SHARED_FILTER) this.pool.joins(wire.session);
    wire.client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: filter, qos, nl: false, rap: false, rh: 0 }],
      ...(given === undefined ? {} : { properties: { subscriptionIdentifier: given } }),
    });
    await this.settle();
    const code = wire.client.last('suback')?.granted[0];
    if (isRefused) expect(code).toBeGreaterThanOrEqual(0x80);
    else expect(code).toBe(qos);
  }

  private async setReading({ kind, id }: StepOf<'stall'> | StepOf<'readOn'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire) return;
    if (kind === 'readOn') this.readOn(wire.client, wire.connection);
    else if (!wire.connection.isStalled) {
      wire.connection.isStalled = true;
      wire.client.stall();
    }
    await this.settle();
  }

  /** What comes with that has come before anything else happens. */
  private async readAllOn(): Promise<void> {
    const stalled = [...this.wires.values()].filter(({ connection }) => connection.isStalled);
    for (const { client, connection } of stalled) this.readOn(client, connection);
    if (stalled.length > 0) await this.settle();
  }

  private readOn(client: MqttClient, connection: ModelConnection): void {
    if (!connection.isStalled) return;
    connection.isStalled = false;
    client.readOn();
  }

  private async unsubscribe({ id, filter }: StepOf<'unsubscribe'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire) return;
    const { session } = wire;
    if (filter === SHARED_FILTER) this.pool.leaves(session, false);
    session.subscriptions.delete(filter);
    // What was not sent yet may still be sent [MQTT5-3.10.4-2], what was has to be completed [MQTT5-3.10.4-3].
    session.mayDrop(({ packetId, message }) => packetId === null && !session.wants(message.topic));
    wire.client.send({ cmd: 'unsubscribe', messageId: 1, unsubscriptions: [filter] });
    await this.settle();
    expect(wire.client.last('unsuback')).toBeDefined();
  }

  private async publish({ topic, qos, lifetime }: StepOf<'publish'>): Promise<void> {
    const message = this.newMessage(topic, qos, lifetime);
    this.spread(message);
    const messageId = this.sourceSent.size + 1;
    if (qos > 0) this.sourceSent.set(messageId, message);
    this.source.send(publishOf(message, { messageId, lifetime: lifetime ?? undefined }));
    await this.settle();
    if (qos > 0 && !this.store.hasPending) expect(message.isAcknowledged, `${message.text} acknowledged`).toBe(true);
  }

  private async ack({ id, which }: StepOf<'ack'>): Promise<void> {
    const wire = this.wireOf(id);
    const due = wire?.session.acknowledgeable() ?? [];
    const debt = due[which % due.length];
    if (!wire || !debt) return;
    const messageId = debt.packetId!;
    if (debt.state === 'received') wire.client.send({ cmd: 'pubcomp', messageId });
    else wire.client.send({ cmd: debt.qos === 1 ? 'puback' : 'pubrec', messageId });
    if (debt.state === 'owed' && debt.qos === 2) Object.assign(debt, { state: 'received', releasedOn: null });
    else debt.state = 'done';
    await this.settle();
  }

  private async ackAll(id: string): Promise<void> {
    while (this.wireOf(id)?.session.acknowledgeable().length) await this.ack({ kind: 'ack', id, which: 0 });
  }

  /** A PUBREC with a reason: the client will not have it, and that is the end of it. */
  private async refuse({ id, which }: StepOf<'refuse'>): Promise<void> {
    const wire = this.wireOf(id);
    const due = wire?.session.acknowledgeable().filter(({ qos, state }) => qos === 2 && state === 'owed') ?? [];
    const debt = due[which % due.length];
    if (!wire || !debt || wire.connection.version !== 5) return;
    wire.client.send({ cmd: 'pubrec', messageId: debt.packetId!, reasonCode: 0x83 });
    debt.state = 'done';
    await this.settle();
  }

  /** An acknowledgement of what was never sent, or of another kind than what was: changes nothing. */
  private async wrongAck({ id, cmd, packetId }: StepOf<'wrongAck'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire || isRight(wire.session, cmd, packetId)) return;
    if (cmd === 'pubrec') wire.strays.add(packetId);
    wire.client.send({ cmd, messageId: packetId });
    if (wire.client.isClosed) this.disconnected(wire.session, { isContinued: true, hasWill: true });
    await this.settle();
    wire.strays.clear();
  }

  private async send2({ id, topic }: StepOf<'send2'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire) return;
    const message = this.newMessage(topic, 2, null);
    let messageId = 1;
    while (wire.session.unreleased.has(messageId)) messageId++;
    wire.session.unreleased.set(messageId, message);
    this.spread(message);
    wire.client.send(publishOf(message, { messageId }));
    await this.settle();
    if (!this.store.hasPending) expect(message.isAcknowledged, `PUBREC of ${message.text}`).toBe(true);
  }

  /** The same QoS 2 message once more: acknowledged, and sent to nobody again [MQTT-4.3.3-2] [MQTT5-4.3.3-10]. */
  private async resend2({ id }: StepOf<'resend2'>): Promise<void> {
    const wire = this.wireOf(id);
    const entry = [...(wire?.session.unreleased ?? [])].find(([, message]) => !this.releasing.has(message));
    if (!wire || !entry) return;
    this.sendAgain(wire, ...entry);
    await this.settle();
  }

  private sendAgain({ client }: Wire, messageId: number, message: ModelMessage): void {
    if (this.releasing.has(message)) client.send({ cmd: 'pubrel', messageId });
    else client.send({ ...publishOf(message, { messageId }), dup: true });
  }

  private async release2({ id }: StepOf<'release2'>): Promise<void> {
    const wire = this.wireOf(id);
    const entry = [...(wire?.session.unreleased ?? [])].find(([, message]) => message.isAcknowledged);
    if (!wire || !entry) return;
    this.releasing.add(entry[1]);
    wire.client.send({ cmd: 'pubrel', messageId: entry[0] });
    await this.settle();
    if (!this.store.hasPending) expect(wire.session.unreleased.has(entry[0])).toBe(false);
  }

  private async leave({ id, how, expiry }: StepOf<'leave'>): Promise<void> {
    const wire = this.wireOf(id);
    if (!wire) return;
    const { session, client, connection } = wire;
    if (how === 'cut' || (how === 'with will' && connection.version === 4)) {
      this.disconnected(session, { isContinued: true, hasWill: true });
      client.drop();
      return this.settle();
    }
    // A session that ends with its connection cannot be made to stay [MQTT5 3.14.2.2.2].
    const changes = connection.version === 5 && expiry !== null && session.isDurable;
    if (changes) session.expiry = expiry === FOR_EVER ? Infinity : expiry;
    this.disconnected(session, { isContinued: true, hasWill: how === 'with will' });
    const reasonCode = how === 'with will' ? 4 : 0;
    const properties = changes ? { properties: { sessionExpiryInterval: expiry } } : {};
    client.send({ cmd: 'disconnect', ...(connection.version === 5 ? { reasonCode, ...properties } : {}) });
    client.drop();
    await this.settle();
  }

  private async advance(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      for (const ms of PARTS_OF_A_STEP_MS) {
        this.timePassed(this.it.clock.now() + ms);
        this.it.clock.advance(ms);
        await this.settle();
      }
    }
  }

  private async setPolicy(isClosed: boolean): Promise<void> {
    this.isClosed = isClosed;
    for (const session of isClosed ? this.sessions.values() : []) {
      session.subscriptions.delete('x');
      session.mayDrop(({ message }) => message.topic === 'x');
    }
    this.it.broker.setPolicy(isClosed ? closed : open);
    await this.settle();
  }

  private async restart(isCrash: boolean): Promise<void> {
    if (isCrash) this.store.crash();
    else await this.it.broker.close();
    const connected = [...this.sessions.values()].filter(({ connection }) => connection !== null);
    for (const session of isCrash ? this.sessions.values() : []) {
      session.crashed();
      for (const message of session.unreleased.values()) message.isLost = !message.isAcknowledged;
    }
    const rank = ++this.ranks;
    for (const session of connected) this.disconnected(session, { isContinued: true, hasWill: true, rank });
    this.pool.restarted(isCrash);
    // A will may have reached somebody whose turn to be disconnected had not come.
    for (const { debts } of this.sessions.values())
      for (const debt of debts) if (debt.message.rank === rank) debt.isUncertain = true;
    this.wires.clear();
    this.store = new CrashingSessionStore(this.disk);
    await this.start();
  }

  /** The connection is gone: the session waits or ends, and so does its will. */
  private disconnected(session: ModelSession, { isContinued, hasWill, rank }: Ending): void {
    const { will } = session;
    const now = this.it.clock.now();
    session.connection = null;
    session.will = null;
    this.wires.delete(session.clientId);
    session.endsAt = session.isDurable && session.expiry !== Infinity ? now + session.expiry * 1000 : null;
    const stays = session.isDurable && isContinued;
    if (!session.isDurable) this.forget(session);
    if (!will || !hasWill) return;
    const isLater = stays && will.delay > 0;
    if (isLater) Object.assign(session, { will, willDueAt: now + Math.min(will.delay, session.expiry) * 1000 });
    // Whoever stops the server may take the wills of sessions that end with it along.
    else this.spread(will.message, { rank, mayBeDropped: rank !== undefined && !session.isDurable });
  }

  /** The session is over before its time: a will that waits is due now [MQTT5-3.1.3-9]. */
  private end(session: ModelSession): void {
    this.forget(session);
    if (session.willDueAt !== null) this.spread(session.will!.message);
  }

  private forget(session: ModelSession): void {
    this.sessions.delete(session.clientId);
    this.pool.leaves(session, true);
  }

  private timePassed(until: number): void {
    const dueAt = new Set<number>();
    for (const { endsAt, willDueAt } of this.sessions.values())
      for (const at of [endsAt, willDueAt]) if (at !== null && at <= until) dueAt.add(at);
    for (const at of [...dueAt].sort((a, b) => a - b)) {
      const rank = ++this.ranks;
      const all = [...this.sessions.values()];
      for (const session of all) if (session.endsAt === at) this.forget(session);
      for (const session of all) {
        if (session.willDueAt !== at) continue;
        this.spread(session.will!.message, { rank });
        Object.assign(session, { will: null, willDueAt: null });
      }
    }
  }

  private spread(
    message: ModelMessage,
    { rank, mayBeDropped = false }: { rank?: number; mayBeDropped?: boolean } = {},
  ): void {
    message.rank = rank ?? ++this.ranks;
    this.pool.take(message, this.sessions.values(), mayBeDropped);
    for (const session of this.sessions.values()) {
      const before = session.debts.length;
      session.take(message, (topic) => this.isReadable(topic));
      for (const debt of session.debts.slice(before)) debt.mayBeDropped = mayBeDropped;
    }
  }

  private newMessage(topic: string, qos: Qos, lifetime: number | null): ModelMessage {
    const expiresAt = lifetime === null ? null : this.it.clock.now() + lifetime * 1000;
    return { text: `m${++this.messages}`, topic, qos, expiresAt, rank: 0, isAcknowledged: false, isLost: false };
  }

  private isReadable(topic: string): boolean {
    return !(this.isClosed && topic === 'x');
  }

  private wireOf(id: string): Wire | undefined {
    return this.wires.get(id);
  }

  private async releaseCommits(): Promise<void> {
    this.store.isHolding = false;
    this.store.commit();
    await this.settle();
  }

  /** Lets everything happen that can happen without anybody's doing, and tells the model what came. */
  private async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await new Promise((resolve) => setImmediate(resolve));
      this.it.clock.turn();
      this.it.clock.advance(0);
      quiet = this.readAll() ? 0 : quiet + 1;
    }
    expect(this.it.faults).toEqual([]);
    expect(this.source.isClosed).toBe(false);
    for (const [id, { client }] of this.wires) expect(client.isClosed && id).toBe(false);
    if (this.store.hasPending) return;
    for (const session of this.sessions.values()) session.settled(this.it.clock.now());
  }

  private readAll(): boolean {
    let hasRead = false;
    for (; this.sourceRead < this.source.packets.length; hasRead = true)
      this.toSource(this.source.packets[this.sourceRead++]!);
    for (const wire of this.wires.values())
      for (; wire.read < wire.client.packets.length; hasRead = true)
        this.toClient(wire, wire.client.packets[wire.read++]!);
    return hasRead;
  }

  private toSource(packet: Packet): void {
    if (packet.cmd !== 'puback' && packet.cmd !== 'pubrec') return;
    const message = this.sourceSent.get(packet.messageId!)!;
    message.isAcknowledged = true;
    if (packet.cmd === 'pubrec') this.source.send({ cmd: 'pubrel', messageId: packet.messageId! });
  }

  private toClient(wire: Wire, packet: Packet): void {
    const { session } = wire;
    switch (packet.cmd) {
      case 'publish':
        packet.topic = topicOf(packet, wire);
        expect(this.isReadable(packet.topic), `${packet.payload.toString()} is closed to clients`).toBe(true);
        return this.publishTo(session, arrivalOf(packet));
      case 'pubrel':
        if (packet.reasonCode === UNKNOWN_PACKET_ID || wire.strays.delete(packet.messageId!)) return;
        return session.released(packet.messageId!);
      case 'pubrec':
        session.unreleased.get(packet.messageId!)!.isAcknowledged = true;
        return;
      case 'pubcomp':
        this.completed(session, packet.messageId!);
    }
  }

  /** What was released is over; a PUBCOMP may also answer a PUBREL that the client made up. */
  private completed({ unreleased }: ModelSession, packetId: number): void {
    const message = unreleased.get(packetId);
    if (message && this.releasing.has(message)) unreleased.delete(packetId);
  }

  private publishTo(session: ModelSession, arrival: Arrival): void {
    if (arrival.topic === SHARED_TOPIC && !this.pool.arrived(session, arrival)) return;
    session.arrived(arrival, this.it.clock.now());
  }

  private readonly releasing = new Set<ModelMessage>();
}

interface Ending {
  /** The session goes on when it can. */
  readonly isContinued: boolean;
  readonly hasWill: boolean;
  /** Where several end at the same time. */
  readonly rank?: number;
}

/** The topic that is meant: spelled out, or known by its alias. */
function topicOf({ topic, properties }: IPublishPacket, { aliases, aliasLimit }: Wire): string {
  const alias = properties?.topicAlias;
  if (alias === undefined) return topic;
  expect(alias).toBeGreaterThan(0);
  expect(alias).toBeLessThanOrEqual(aliasLimit);
  if (topic !== '') aliases.set(alias, topic);
  return aliases.get(alias) ?? expect.fail(`The alias ${alias} means nothing`);
}

function isRight({ debts, unreleased }: ModelSession, cmd: string, packetId: number): boolean {
  const debt: Debt | undefined = debts.find((one) => one.packetId === packetId && one.state !== 'done');
  if (cmd === 'puback') return debt?.qos === 1;
  if (cmd === 'pubrec' || cmd === 'pubcomp') return debt?.qos === 2;
  return unreleased.has(packetId);
}

function publishOf(
  message: ModelMessage,
  { messageId, lifetime }: { messageId: number; lifetime?: number },
): IPublishPacket {
  return {
    cmd: 'publish',
    topic: message.topic,
    payload: message.text,
    qos: message.qos,
    dup: false,
    retain: false,
    ...(message.qos > 0 ? { messageId } : {}),
    ...(lifetime === undefined ? {} : { properties: { messageExpiryInterval: lifetime } }),
  };
}

function willOf(
  { topic, qos, delay }: { topic: string; qos: Qos; delay: number },
  { text }: ModelMessage,
  version: 4 | 5,
) {
  const properties = version === 5 ? { properties: { willDelayInterval: delay } } : {};
  return { topic, payload: Buffer.from(text), qos, retain: false, ...properties };
}

function arrivalOf({ payload, topic, qos, dup, messageId, properties }: IPublishPacket): Arrival {
  const identifiers = properties?.subscriptionIdentifier;
  return {
    text: payload.toString(),
    topic,
    qos,
    dup,
    packetId: messageId,
    identifiers: [identifiers ?? []].flat().sort(),
    lifetime: properties?.messageExpiryInterval,
  };
}
