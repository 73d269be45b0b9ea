import { filterMatches } from '@perch/policy';
import { expect } from 'vitest';
import type { Qos } from '../../message.js';

/** A message on its way through the model. */
export interface ModelMessage {
  /** Its payload: no two are alike. */
  readonly text: string;
  readonly topic: string;
  readonly qos: Qos;
  readonly expiresAt: number | null;
  /** Messages of equal rank were published at the same instant by nobody in particular: they may come in any order. */
  rank: number;
  /** The broker has acknowledged it. */
  isAcknowledged: boolean;
  /** It was not, and the broker has crashed since. */
  isLost: boolean;
}

/** One message that one session is owed. */
export interface Debt {
  readonly message: ModelMessage;
  readonly qos: 1 | 2;
  readonly identifiers: readonly number[];
  state: 'owed' | 'received' | 'done';
  /** It need not come any more, but it may. */
  mayBeDropped: boolean;
  /** It was sent at some time, under this packet id. */
  packetId: number | null;
  /** The connection that it was sent on last. */
  sentOn: object | null;
  /** The connection that its PUBREL came on last. */
  releasedOn: object | null;
  /** A crash has made the broker forget how far it was. */
  isUncertain: boolean;
  /** It came of a shared subscription, which makes no promise about order. */
  isShared: boolean;
}

/** A PUBLISH as it arrived. */
export interface Arrival {
  readonly text: string;
  readonly topic: string;
  readonly qos: number;
  readonly dup: boolean;
  readonly packetId: number | undefined;
  readonly identifiers: readonly number[] | null;
  readonly lifetime: number | undefined;
}

/** A connection as the model knows it. */
export interface ModelConnection {
  readonly version: 4 | 5;
  readonly window: number;
  /** QoS 0 messages that must arrive now. */
  readonly expected0: ModelMessage[];
  /** The client does not read. */
  isStalled: boolean;
}

/** What one client id is owed, and what it must not get: the promises of MQTT in a few dozen lines. */
export class ModelSession {
  readonly subscriptions = new Map<string, { readonly qos: Qos; readonly identifier: number | undefined }>();
  debts: Debt[] = [];
  connection: ModelConnection | null = null;
  /** When it ends; null while it is connected or if it never does. */
  endsAt: number | null = null;
  will: { readonly message: ModelMessage; readonly delay: number } | null = null;
  willDueAt: number | null = null;
  /** QoS 2 messages that the client has had, and must not take for new ones again. */
  private readonly hadOnce = new Set<string>();
  /** QoS 2 publishes of the client that it has not released. */
  readonly unreleased = new Map<number, ModelMessage>();

  constructor(
    readonly clientId: string,
    /** Seconds that it outlives its connection. */
    public expiry: number,
  ) {}

  get isDurable(): boolean {
    return this.expiry > 0;
  }

  /** A message was published: it is owed, or expected at once, or does not concern this session. */
  take(message: ModelMessage, isReadable: (topic: string) => boolean): void {
    const matching = [...this.subscriptions].filter(([filter]) => filterMatches(filter, message.topic));
    if (matching.length === 0 || !isReadable(message.topic)) return;
    const highest = Math.max(...matching.map(([, { qos }]) => qos));
    const qos = Math.min(message.qos, highest);
    const identifiers = matching.flatMap(([, { identifier }]) => identifier ?? []).sort();
    if (qos === 0) this.connection?.expected0.push(message);
    else if (this.connection || this.isDurable) {
      this.debts.push(newDebt({ message, qos: qos as 1 | 2, identifiers, isShared: false }));
    }
  }

  /** The broker has chosen this session for a shared message. */
  chosenFor(message: ModelMessage, { qos }: Arrival, isUncertain: boolean): void {
    this.debts.push({ ...newDebt({ message, qos: qos as 1 | 2, identifiers: [], isShared: true }), isUncertain });
  }

  /** A PUBLISH has arrived: it must be owed, in its turn, and within what the client takes. */
  arrived(arrival: Arrival, now: number): void {
    const connection = this.connection!;
    if (arrival.qos === 0) return this.arrived0(arrival, connection);
    const debt = this.debts.find(({ message, state }) => message.text === arrival.text && state !== 'done');
    if (!debt) return expect.fail(`${this.clientId} got ${arrival.text}, which it is not owed (any more)`);
    const { message } = debt;
    const isAgain = debt.packetId !== null;
    expect(debt.sentOn === connection, `${arrival.text} came twice on one connection`).toBe(false);
    if (debt.state === 'received') expect(debt.isUncertain, `${arrival.text} came after its PUBREC`).toBe(true);
    if (!isAgain && !debt.isUncertain) this.stillLives(message, now);
    expect(arrival).toMatchObject({ topic: message.topic, qos: debt.qos });
    if (!debt.isUncertain) expect({ [message.text]: arrival.dup }).toEqual({ [message.text]: isAgain });
    if (isAgain && !debt.isUncertain) expect(arrival.packetId).toBe(debt.packetId);
    if (connection.version === 5 && !debt.isShared) expect(arrival.identifiers).toEqual(debt.identifiers);
    if (connection.version === 5 && message.expiresAt !== null && message.expiresAt > now)
      expect(arrival.lifetime).toBe((message.expiresAt - now) / 1000);
    if (debt.qos === 2 && !isAgain)
      expect(this.hadOnce.has(message.text), `${message.text} came as new twice`).toBe(false);
    if (debt.qos === 2) this.hadOnce.add(message.text);
    this.inTurn(debt, connection, now);
    this.idIsFree(arrival, debt, now);
    Object.assign(debt, { state: 'owed', packetId: arrival.packetId, sentOn: connection, isUncertain: false });
    const { length } = this.inFlight();
    expect(length, `${this.clientId} has more in flight than it takes`).toBeLessThanOrEqual(connection.window);
  }

  /** PUBREL: only for what the client has said that it has, or may not have any more: then it frees the packet id. */
  released(packetId: number): void {
    const debt = this.debts.find((one) => one.packetId === packetId && one.state !== 'done' && one.qos === 2);
    const isDue = debt?.state === 'received' || debt?.mayBeDropped === true;
    if (!debt || !isDue) return expect.fail(`${this.clientId} got a PUBREL for ${packetId}`);
    debt.state = 'received';
    debt.releasedOn = this.connection;
    debt.isUncertain = false;
  }

  /** Somebody took these from the client, or it did so itself. */
  mayDrop(which: (debt: Debt) => boolean): void {
    for (const debt of this.debts) if (which(debt)) debt.mayBeDropped = true;
  }

  /** Whether one of its subscriptions matches the topic. */
  wants(topic: string): boolean {
    return [...this.subscriptions.keys()].some((filter) => filterMatches(filter, topic));
  }

  /** What was sent on this connection and is not over. */
  inFlight(): Debt[] {
    return this.debts.filter(({ state, sentOn }) => sentOn === this.connection && state !== 'done');
  }

  /** What the client may acknowledge now. */
  acknowledgeable(): Debt[] {
    return this.debts.filter(
      ({ state, sentOn, releasedOn }) =>
        (state === 'owed' && sentOn === this.connection) || (state === 'received' && releasedOn === this.connection),
    );
  }

  /** Nothing more is on its way now: everything that could come must have come. */
  settled(now: number): void {
    const connection = this.connection;
    this.debts = this.debts.filter(({ state }) => state !== 'done');
    if (!connection || connection.isStalled) return;
    expect(connection.expected0.map(({ text }) => text)).toEqual([]);
    for (const [at, debt] of this.debts.entries()) {
      if (debt.state !== 'received' || debt.mayBeDropped || debt.isUncertain) continue;
      // All is sent again in its first order: behind a PUBLISH that the window holds back, PUBREL waits too.
      if (this.debts.slice(0, at).some(({ state, sentOn }) => state === 'owed' && sentOn !== connection)) continue;
      expect(debt.releasedOn, `${debt.message.text} of ${this.clientId} waits for its PUBREL`).toBe(connection);
    }
    const waiting = this.debts.filter((debt) => debt.state === 'owed' && debt.sentOn !== connection);
    const missing = waiting.filter((debt) => !this.mayLack(debt, now));
    // What was received on an earlier connection may take its place in the window, too.
    const busy = this.debts.filter(({ state, sentOn }) => sentOn === connection || state === 'received').length;
    if (busy < connection.window)
      expect(
        missing.map(({ message }) => message.text),
        `${this.clientId} misses`,
      ).toEqual([]);
  }

  /** What the broker had not promised to anybody is gone; how far the rest was, it may have forgotten. */
  crashed(): void {
    this.debts = this.debts.filter(({ message }) => message.isAcknowledged);
    for (const debt of this.debts) {
      if (debt.state === 'done') {
        debt.mayBeDropped = true;
        debt.state = debt.qos === 1 ? 'owed' : 'received';
      }
      // A PUBREL proves that the PUBREC was written down.
      if (debt.state === 'owed' || debt.releasedOn === null) debt.isUncertain = true;
    }
  }

  private arrived0({ text, topic }: Arrival, { expected0 }: ModelConnection): void {
    const at = expected0.findIndex((message) => message.text === text);
    if (at < 0) return expect.fail(`${this.clientId} got ${text} of QoS 0, which it should not`);
    const [message] = expected0.splice(at, 1);
    expect(message!.topic).toBe(topic);
    for (const other of expected0.slice(0, at)) expect(other.rank).toBe(message!.rank);
  }

  /** Nothing that was published before it, at the same QoS, may come after it. */
  private inTurn(debt: Debt, connection: ModelConnection, now: number): void {
    const earlier = debt.isShared ? [] : this.debts.slice(0, this.debts.indexOf(debt));
    const skipped = new Set<Debt>();
    for (const other of earlier) {
      if (other.qos !== debt.qos || other.state !== 'owed' || other.sentOn === connection) continue;
      if (other.message.rank === debt.message.rank || other.isShared) continue;
      const text = `${debt.message.text} came to ${this.clientId} before ${other.message.text}`;
      expect(this.mayLack(other, now), text).toBe(true);
      skipped.add(other);
    }
    this.debts = this.debts.filter((one) => !skipped.has(one));
  }

  private idIsFree({ packetId, text }: Arrival, debt: Debt, now: number): void {
    expect(packetId).toBeGreaterThan(0);
    const holders = this.debts.filter((one) => one !== debt && one.packetId === packetId && one.state !== 'done');
    const sure = holders.filter((one) => one.sentOn === this.connection || !this.mayLack(one, now));
    const names = sure.map(({ message }) => message.text);
    expect(names, `the packet id of ${text} is taken`).toEqual([]);
  }

  /** [MQTT5-4.3.3-7] What was sent does not expire any more. */
  private mayLack({ message, mayBeDropped, packetId }: Debt, now: number): boolean {
    return mayBeDropped || (packetId === null && message.expiresAt !== null && message.expiresAt <= now);
  }

  private stillLives({ text, expiresAt }: ModelMessage, now: number): void {
    if (expiresAt !== null && expiresAt <= now) expect.fail(`${text} came to ${this.clientId} after it had expired`);
  }
}

function newDebt(debt: Pick<Debt, 'message' | 'qos' | 'identifiers' | 'isShared'>): Debt {
  const fresh = { packetId: null, sentOn: null, releasedOn: null, isUncertain: false, mayBeDropped: false };
  return { ...debt, ...fresh, state: 'owed' };
}
