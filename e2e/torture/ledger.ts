import { Claims, type Subscribing } from './claims.js';
import type { Published, Publishing } from './published.js';
import { splitShare } from './filters.js';

/** What is wrong, and with which message. */
export interface Violation {
  readonly kind:
    | 'lost' // acknowledged, owed, and never arrived
    | 'repeated' // arrived more often than it may
    | 'out-of-order'
    | 'invented' // nobody sent it, or not like this
    | 'wrong-qos'
    | 'not-asked-for' // no subscription can have brought it
    | 'unanswered' // its publisher was never told
    | 'protocol';
  /** The client that saw it, or the shared group that did not. */
  readonly who: string;
  readonly message: string | null;
  readonly text: string;
}

/** A PUBLISH as a client took it. QoS 2: only when its packet id was not in use, which is what makes it once. */
export interface Arrival {
  readonly key: string;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly dup: boolean;
  /** Subscription identifiers; null where there are none in the protocol. */
  readonly identifiers: readonly number[] | null;
}

/** What happened, counted. */
export interface Totals {
  connections: number;
  cuts: number;
  takeovers: number;
  published: number;
  acknowledged: number;
  refused: number;
  /** Its session ended before the answer came. */
  abandoned: number;
  delivered: number;
  /** Marked as sent before. */
  redelivered: number;
  /** Had arrived before. */
  duplicates: number;
}

/** What one client is owed, and has. */
interface Account {
  readonly claims: Claims;
  readonly owed: Map<string, Published>;
  readonly seen: Tally;
  /** Number of the newest message per publisher, topic, QoS published and QoS delivered. */
  readonly newest: Map<string, number>;
}

/** What the members of one shared group are owed together. */
interface Group {
  readonly members: Set<string>;
  /** When a member began a new session. What it had begun to be sent with QoS 2 went with it [MQTT5-4.8.2-5]. */
  leftAt: number;
  readonly owed: Map<string, Published>;
  readonly seen: Tally;
}

/**
 * The judge. It is told what clients did and saw, in the order in which that happened, and knows what each is owed.
 *
 * A session is owed a message when its SUBACK had come before the message was first sent, and UNSUBSCRIBE had not been
 * sent when the acknowledgement came. Between those moments the broker may decide either way.
 */
export class Ledger {
  readonly violations: Violation[] = [];
  readonly totals: Totals = {
    connections: 0,
    cuts: 0,
    takeovers: 0,
    published: 0,
    acknowledged: 0,
    refused: 0,
    abandoned: 0,
    delivered: 0,
    redelivered: 0,
    duplicates: 0,
  };
  private tick = 0;
  private readonly messages = new Map<string, Published[]>();
  private readonly accounts = new Map<string, Account>();
  private readonly groups = new Map<string, Group>();
  private readonly open = new Set<Published>();

  /** A publisher has made up its mind; nothing is sent yet. */
  publishing(message: Publishing): Published {
    const all = this.messages.get(message.publisher) ?? [];
    this.messages.set(message.publisher, all);
    const published: Published = {
      ...message,
      key: `${message.publisher}:${all.length}`,
      number: all.length,
      startedAt: null,
      transmissions: 0,
      acknowledgedAt: null,
    };
    all.push(published);
    if (message.qos > 0) this.open.add(published); // nobody will ever answer QoS 0
    return published;
  }

  /** A PUBLISH is about to be written, the first time or again. */
  transmitting(message: Published): void {
    message.transmissions++;
    if (message.transmissions > 1) return;
    message.startedAt = this.now();
    this.totals.published++;
  }

  /** PUBACK, or PUBREC. */
  acknowledged(message: Published): void {
    if (message.acknowledgedAt !== null) return;
    message.acknowledgedAt = this.now();
    this.open.delete(message);
    this.totals.acknowledged++;
    if (message.lifetime !== null) return; // may come, once
    for (const account of this.accounts.values()) {
      const isOwed = account.claims.owed(message, null) && account.seen.count(message) === 0;
      if (isOwed) account.owed.set(message.key, message);
    }
    for (const [filter, group] of this.groups) {
      const mayHaveGone = message.qos === 2 && (message.startedAt ?? 0) < group.leftAt;
      const isOwed = !mayHaveGone && group.seen.count(message) === 0 && this.groupIsOwed(filter, message);
      if (isOwed) group.owed.set(message.key, message);
    }
  }

  /** The broker said no, or the publisher's session has ended before it said anything: it may arrive or not. */
  givenUp(message: Published, why: 'refused' | 'abandoned'): void {
    if (!this.open.delete(message)) return;
    this.totals[why]++;
  }

  /** SUBSCRIBE is about to be sent. */
  subscribing(who: string, subscription: Subscribing): void {
    this.account(who).claims.ask(subscription, this.now());
    const { group } = splitShare(subscription.filter);
    if (group !== null) this.group(subscription.filter).members.add(who);
  }

  /** SUBACK has come. */
  subscribed(who: string, filter: string): void {
    this.account(who).claims.grant(filter, this.now());
  }

  /** UNSUBSCRIBE is about to be sent: what only this filter brought may be dropped from now on [MQTT-3.10.4-3]. */
  unsubscribing(who: string, filter: string): void {
    const { claims, owed } = this.account(who);
    claims.leave(filter, this.now());
    for (const message of owed.values()) if (!claims.owed(message, null)) owed.delete(message.key);
    if (splitShare(filter).group !== null) throw new Error("Who shares has to stay: what its queue held is nobody's.");
  }

  /** UNSUBACK has come. */
  unsubscribed(who: string, filter: string): void {
    this.account(who).claims.end(filter, this.now());
  }

  /** CONNECT with a clean start is about to be sent: the session that was is owed nothing any more. */
  resetting(who: string): void {
    const { claims, owed } = this.account(who);
    claims.leaveAll(this.now());
    owed.clear();
    for (const group of this.groups.values()) {
      if (!group.members.delete(who)) continue;
      group.leftAt = this.now();
      for (const message of group.owed.values()) if (message.qos === 2) group.owed.delete(message.key);
    }
  }

  /** The session is a new one: nothing that the former was sent may come any more. */
  reset(who: string): void {
    this.account(who).claims.forget();
  }

  /** A client has taken a message. */
  arrived(who: string, arrival: Arrival): void {
    this.totals.delivered++;
    if (arrival.dup) this.totals.redelivered++;
    const message = this.find(arrival.key);
    const fault = message ? faultOf(message, arrival) : 'nobody sent it';
    if (!message || fault !== null) return this.accuse('invented', who, arrival, fault ?? '');
    const account = this.account(who);
    const isShared = this.judgeClaims(who, message, arrival);
    this.judgeOrder(who, message, arrival);
    const group = isShared === null ? null : this.group(isShared);
    this.judgeCount(group?.seen ?? account.seen, { who, message, arrival, isShared: group !== null });
    (group ?? account).owed.delete(message.key);
    if (group) account.seen.add(message, arrival);
  }

  /** Something that has to do with no message, or that only a client can know. */
  accuse(kind: Violation['kind'], who: string, arrival: Arrival | { key: string | null }, text: string): void {
    this.violations.push({ kind, who, message: arrival.key, text });
  }

  /** How much is still to come: messages owed, and publishes without an answer. */
  get outstanding(): number {
    let count = this.open.size;
    for (const { owed } of this.accounts.values()) count += owed.size;
    for (const { owed } of this.groups.values()) count += owed.size;
    return count;
  }

  /** Once everything has had its time: what is still to come will not. Nothing is lost by that where it ended early. */
  settle(): readonly Violation[] {
    if (this.violations.length > 0) return this.violations;
    for (const message of this.open) {
      this.accuse('unanswered', message.publisher, message, `${describe(message)} was never answered`);
    }
    const debts = [...this.accounts, ...this.groups];
    for (const [who, { owed }] of debts) {
      for (const message of owed.values()) {
        this.accuse('lost', who, message, `${describe(message)} was acknowledged and has never arrived at ${who}`);
      }
    }
    return this.violations;
  }

  /** Returns the `$share` filter that brought it, null for a plain subscription. */
  private judgeClaims(who: string, message: Published, arrival: Arrival): string | null {
    const { claims } = this.account(who);
    const possible = claims.possible(message);
    if (possible.length === 0) {
      this.accuse('not-asked-for', who, arrival, 'no subscription can have brought it');
      return null;
    }
    const shared = possible.find(({ group }) => group !== null)?.filter ?? null;
    if (shared !== null && possible.length > 1)
      throw new Error(`${who}: shared and plain filters overlap in ${arrival.topic}`);
    const certain = claims.certain(message);
    const atMost = Math.max(...possible.map(({ qos }) => qos));
    const atLeast = Math.min(message.qos, Math.max(0, ...certain.map(({ qos }) => qos)));
    if (arrival.qos < atLeast || arrival.qos > Math.min(message.qos, atMost)) {
      this.accuse('wrong-qos', who, arrival, `came with QoS ${arrival.qos}, owed with ${atLeast} to ${atMost}`);
    }
    const named = arrival.identifiers;
    if (named === null) return shared;
    const unknown = named.filter((one) => !possible.some(({ identifier }) => identifier === one));
    const missing = certain.filter(({ identifier }) => identifier !== null && !named.includes(identifier));
    if (unknown.length + missing.length > 0) {
      const wanted = certain.map(({ identifier }) => identifier).join(',');
      this.accuse(
        'invented',
        who,
        arrival,
        `came with subscription identifiers ${named.join(',')}, owed with ${wanted}`,
      );
    }
    return shared;
  }

  /** [MQTT-4.6.0-6] What comes for the first time is newer than all that came, per publisher, topic and QoS. */
  private judgeOrder(who: string, message: Published, arrival: Arrival): void {
    const { newest, seen, claims } = this.account(who);
    if (claims.possible(message).some(({ group }) => group !== null)) return; // shared ones are in no order
    if (seen.count(message) > 0) return;
    // What has expired is left out, but comes after all when the broker cannot know that it had not begun to send it.
    if (message.lifetime !== null) return;
    // Who was not subscribed when it came for the first time may get what is published again, as it comes then. Not with
    // QoS 2: that leaves only once it is known not to be taken twice.
    if (arrival.qos < 2 && message.transmissions > 1 && claims.certain(message).length === 0) return;
    const lane = `${message.publisher} ${message.topic} ${message.qos}${arrival.qos}`;
    const last = newest.get(lane) ?? -1;
    if (message.number < last) {
      this.accuse('out-of-order', who, arrival, `came for the first time after ${message.publisher}:${last}`);
    }
    newest.set(lane, Math.max(last, message.number));
  }

  private judgeCount(
    seen: Tally,
    { who, message, arrival, isShared }: { who: string; message: Published; arrival: Arrival; isShared: boolean },
  ): void {
    if (seen.count(message) > 0) this.totals.duplicates++;
    seen.add(message, arrival);
    const { fresh, exactly } = seen.of(message);
    if (exactly > 1) this.accuse('repeated', who, arrival, 'QoS 2, and taken twice');
    // Whoever sends it twice before it is acknowledged may have published two; nobody else makes two of one, but for
    // a member of a group that leaves it to another one.
    if (!isShared && fresh > message.transmissions) {
      this.accuse('repeated', who, arrival, `came ${fresh} times without DUP, sent ${message.transmissions} times`);
    }
  }

  private groupIsOwed(filter: string, message: Published): boolean {
    return [...this.group(filter).members].some((who) => this.account(who).claims.owed(message, filter));
  }

  /** The message of this name. */
  find(key: string): Published | undefined {
    const colon = key.lastIndexOf(':');
    return this.messages.get(key.slice(0, colon))?.[Number(key.slice(colon + 1))];
  }

  private account(who: string): Account {
    const known = this.accounts.get(who);
    if (known) return known;
    const account: Account = { claims: new Claims(), owed: new Map(), seen: new Tally(), newest: new Map() };
    this.accounts.set(who, account);
    return account;
  }

  private group(filter: string): Group {
    const known = this.groups.get(filter);
    if (known) return known;
    const group: Group = { members: new Set(), leftAt: 0, owed: new Map(), seen: new Tally() };
    this.groups.set(filter, group);
    return group;
  }

  private now(): number {
    return ++this.tick;
  }
}

/** How often each message came; small numbers in lists, since an hour has millions. */
class Tally {
  private readonly counts = new Map<string, number[]>();

  add({ publisher, number, qos }: Published, arrival: Arrival): void {
    const list = this.counts.get(publisher) ?? [];
    this.counts.set(publisher, list);
    const exactly = qos === 2 && arrival.qos === 2 ? EXACTLY : 0;
    list[number] = (list[number] ?? 0) + 1 + (arrival.dup ? 0 : FRESH) + exactly;
  }

  count(message: Published): number {
    return this.raw(message) % FRESH;
  }

  of(message: Published): { fresh: number; exactly: number } {
    const raw = this.raw(message);
    return { fresh: Math.floor(raw / FRESH) % FRESH, exactly: Math.floor(raw / EXACTLY) };
  }

  private raw({ publisher, number }: Published): number {
    return this.counts.get(publisher)?.[number] ?? 0;
  }
}

const FRESH = 1024;
const EXACTLY = FRESH * FRESH;

function faultOf(message: Published, arrival: Arrival): string | null {
  if (message.startedAt === null) return 'it was not sent yet';
  return message.topic === arrival.topic ? null : `came in ${arrival.topic}, was sent to ${message.topic}`;
}

function describe({ key, topic, qos, transmissions }: Published): string {
  return `${key} (${topic}, QoS ${qos}, sent ${transmissions} times)`;
}
