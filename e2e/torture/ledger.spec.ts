import { beforeEach, describe, expect, test } from 'vitest';
import { Ledger, type Arrival } from './ledger.js';
import type { Published } from './published.js';

let ledger: Ledger;
beforeEach(() => (ledger = new Ledger()));

const TOPIC = 't/a/p/0';

function publish(qos: 0 | 1 | 2 = 1, topic = TOPIC): Published {
  const message = ledger.publishing({ publisher: 'p', topic, qos, hasProperties: false, lifetime: null });
  ledger.transmitting(message);
  return message;
}

function publishAcknowledged(qos: 1 | 2 = 1, topic = TOPIC): Published {
  const message = publish(qos, topic);
  ledger.acknowledged(message);
  return message;
}

function subscribe(who: string, filter = 't/#', qos: 1 | 2 = 2): void {
  ledger.subscribing(who, { filter, qos, identifier: null });
  ledger.subscribed(who, filter);
}

function arrive(who: string, { key, topic, qos }: Published, arrival: Partial<Arrival> = {}): void {
  ledger.arrived(who, { key, topic, qos, dup: false, identifiers: null, ...arrival });
}

/** What the judge says in the end. */
const verdict = () => ledger.settle().map(({ kind, who, message }) => [kind, who, message].join(' '));

describe('what is owed', () => {
  test('an acknowledged message that arrives is fine', () => {
    subscribe('s');
    arrive('s', publishAcknowledged());
    expect(ledger.outstanding).toBe(0);
    expect(verdict()).toEqual([]);
  });

  test.each([1, 2] as const)('an acknowledged QoS %i message that never arrives is lost', (qos) => {
    subscribe('s');
    const message = publishAcknowledged(qos);
    expect(ledger.outstanding).toBe(1);
    expect(verdict()).toEqual([`lost s ${message.key}`]);
  });

  test('each session is owed its own copy', () => {
    subscribe('s');
    subscribe('u', 't/+/p/0');
    subscribe('v', 'elsewhere');
    const message = publishAcknowledged();
    arrive('s', message);
    expect(verdict()).toEqual([`lost u ${message.key}`]);
  });

  test('a message that arrives before its acknowledgement is not owed again', () => {
    subscribe('s');
    const message = publish();
    arrive('s', message);
    ledger.acknowledged(message);
    expect(verdict()).toEqual([]);
  });

  test('what was never acknowledged may arrive or not, but its publisher has to be told', () => {
    subscribe('s');
    const [refused, abandoned, open] = [publish(), publish(), publish()];
    ledger.givenUp(refused, 'refused');
    ledger.givenUp(abandoned, 'abandoned');
    arrive('s', refused);
    expect(verdict()).toEqual([`unanswered p ${open.key}`]);
  });

  test('QoS 0 is owed to nobody', () => {
    subscribe('s');
    publish(0);
    expect(ledger.outstanding).toBe(0);
    expect(verdict()).toEqual([]);
  });

  test('what may expire is owed to nobody', () => {
    subscribe('s');
    const message = ledger.publishing({ publisher: 'p', topic: TOPIC, qos: 1, hasProperties: true, lifetime: 1 });
    ledger.transmitting(message);
    ledger.acknowledged(message);
    expect(verdict()).toEqual([]);
  });

  test('a subscription counts from its SUBACK', () => {
    ledger.subscribing('s', { filter: 't/#', qos: 1, identifier: null });
    const before = publish();
    ledger.subscribed('s', 't/#');
    ledger.acknowledged(before);
    expect(verdict()).toEqual([]);
  });

  test('a subscription counts until its UNSUBSCRIBE', () => {
    subscribe('s');
    publishAcknowledged();
    const between = publish();
    ledger.unsubscribing('s', 't/#');
    ledger.acknowledged(between);
    ledger.unsubscribed('s', 't/#');
    expect(verdict()).toEqual([]);
  });

  test('what another subscription of the session brings, too, stays owed', () => {
    subscribe('s', 't/#');
    subscribe('s', 't/+/p/0');
    const message = publishAcknowledged();
    ledger.unsubscribing('s', 't/#');
    expect(verdict()).toEqual([`lost s ${message.key}`]);
  });

  test('a session that begins anew is owed nothing of before', () => {
    subscribe('s');
    publishAcknowledged();
    ledger.resetting('s');
    ledger.reset('s');
    expect(ledger.outstanding).toBe(0);
    subscribe('s');
    const after = publishAcknowledged();
    expect(verdict()).toEqual([`lost s ${after.key}`]);
  });
});

describe('how often', () => {
  test('QoS 2 that is taken twice is repeated, marked or not', () => {
    subscribe('s');
    const message = publishAcknowledged(2);
    arrive('s', message);
    arrive('s', message, { dup: true });
    expect(verdict()).toEqual([`repeated s ${message.key}`]);
  });

  test('QoS 1 may come again with DUP', () => {
    subscribe('s');
    const message = publishAcknowledged(1);
    arrive('s', message);
    arrive('s', message, { dup: true });
    arrive('s', message, { dup: true });
    expect(ledger.totals).toMatchObject({ delivered: 3, redelivered: 2, duplicates: 2 });
    expect(verdict()).toEqual([]);
  });

  test('QoS 1 that was sent once does not come twice without DUP', () => {
    subscribe('s');
    const message = publishAcknowledged(1);
    arrive('s', message);
    arrive('s', message);
    expect(verdict()).toEqual([`repeated s ${message.key}`]);
  });

  test('QoS 1 that its publisher sent twice may have become two', () => {
    subscribe('s');
    const message = publish(1);
    ledger.transmitting(message);
    ledger.acknowledged(message);
    arrive('s', message);
    arrive('s', message);
    expect(verdict()).toEqual([]);
  });

  test('QoS 2 that its publisher sent twice is one all the same', () => {
    subscribe('s');
    const message = publish(2);
    ledger.transmitting(message);
    ledger.acknowledged(message);
    arrive('s', message);
    arrive('s', message);
    expect(verdict()).toEqual([`repeated s ${message.key}`]);
  });

  test('a session that begins anew is not sent QoS 2 once more', () => {
    subscribe('s');
    const message = publish(2);
    arrive('s', message);
    ledger.resetting('s');
    ledger.reset('s');
    subscribe('s');
    arrive('s', message);
    expect(verdict()).toContain(`repeated s ${message.key}`);
  });
});

describe('in which order', () => {
  test.each([1, 2] as const)('QoS %i messages that change places are out of order', (qos) => {
    subscribe('s');
    const [first, second] = [publishAcknowledged(qos), publishAcknowledged(qos)];
    arrive('s', second);
    arrive('s', first);
    expect(verdict()).toEqual([`out-of-order s ${first.key}`]);
  });

  test('what comes again is in order if it came in order for the first time', () => {
    subscribe('s');
    const [first, second] = [publishAcknowledged(), publishAcknowledged()];
    arrive('s', first);
    arrive('s', second);
    arrive('s', first, { dup: true });
    arrive('s', second, { dup: true });
    expect(verdict()).toEqual([]);
  });

  test.each([1, 2] as const)(
    'who subscribes with QoS 1 between two tries of a QoS %i publisher gets the second, after what came between',
    (qos) => {
      const asQos1 = { qos: 1 } as const;
      const [early, once] = [publish(qos), publish(qos)];
      subscribe('s', 't/#', 1);
      arrive('s', publishAcknowledged(qos), asQos1);
      ledger.transmitting(early);
      arrive('s', early, asQos1);
      expect(ledger.violations).toEqual([]);
      arrive('s', once, asQos1); // nobody tried that again
      expect(verdict()).toEqual([`out-of-order s ${once.key}`]);
    },
  );

  test('what is sent with QoS 2 is out of order then, too', () => {
    const early = publish(2);
    subscribe('s');
    arrive('s', publishAcknowledged(2));
    ledger.transmitting(early);
    arrive('s', early);
    expect(verdict()).toEqual([`out-of-order s ${early.key}`]);
  });

  test('order is per topic and QoS', () => {
    subscribe('s');
    const [a, b, c] = [publishAcknowledged(1), publishAcknowledged(2), publishAcknowledged(1, 't/other')];
    for (const message of [c, b, a]) arrive('s', message);
    expect(verdict()).toEqual([]);
  });
});

describe('what nobody may get', () => {
  test('a message that was never sent, or to another topic', () => {
    subscribe('s');
    const unsent = ledger.publishing({ publisher: 'p', topic: TOPIC, qos: 1, hasProperties: false, lifetime: null });
    arrive('s', unsent);
    arrive('s', { ...unsent, key: 'p:99' });
    arrive('s', { ...publish(), topic: 't/b' });
    expect(ledger.violations.map(({ kind }) => kind)).toEqual(['invented', 'invented', 'invented']);
  });

  test('a message that no subscription asked for', () => {
    subscribe('s', 'elsewhere');
    const message = publishAcknowledged();
    arrive('s', message);
    expect(verdict()).toEqual([`not-asked-for s ${message.key}`]);
  });

  test('a message that was sent after UNSUBACK; one from before may still come', () => {
    subscribe('s');
    const before = publishAcknowledged();
    ledger.unsubscribing('s', 't/#');
    ledger.unsubscribed('s', 't/#');
    const after = publishAcknowledged();
    arrive('s', before);
    arrive('s', after);
    expect(verdict()).toEqual([`not-asked-for s ${after.key}`]);
  });

  test('a message that was acknowledged before SUBSCRIBE', () => {
    const message = publishAcknowledged();
    subscribe('s');
    arrive('s', message);
    expect(verdict()).toEqual([`not-asked-for s ${message.key}`]);
  });

  test('a message of the session before', () => {
    subscribe('s');
    const message = publishAcknowledged();
    ledger.resetting('s');
    ledger.reset('s');
    subscribe('s');
    arrive('s', message);
    expect(verdict()).toEqual([`not-asked-for s ${message.key}`]);
  });

  test.each([
    { published: 2, subscribed: 1, came: 2, isWrong: true },
    { published: 2, subscribed: 2, came: 1, isWrong: true },
    { published: 1, subscribed: 2, came: 1, isWrong: false },
    { published: 2, subscribed: 1, came: 1, isWrong: false },
  ] as const)('QoS $came of $published where $subscribed was granted', ({ published, subscribed, came, isWrong }) => {
    subscribe('s', 't/#', subscribed);
    const message = publishAcknowledged(published);
    arrive('s', message, { qos: came });
    expect(verdict()).toEqual(isWrong ? [`wrong-qos s ${message.key}`] : []);
  });

  test('where subscriptions overlap the highest QoS counts, and all their identifiers come along', () => {
    for (const [identifier, filter] of ['t/#', 't/a/#', 'elsewhere'].entries()) {
      ledger.subscribing('s', { filter, qos: identifier === 1 ? 2 : 1, identifier });
      ledger.subscribed('s', filter);
    }
    const [right, low, missing, unknown] = [1, 2, 3, 4].map(() => publishAcknowledged(2));
    arrive('s', right!, { identifiers: [0, 1] });
    arrive('s', low!, { qos: 1, identifiers: [0, 1] });
    arrive('s', missing!, { identifiers: [0] });
    arrive('s', unknown!, { identifiers: [0, 1, 2] });
    expect(verdict()).toEqual([`wrong-qos s ${low!.key}`, `invented s ${missing!.key}`, `invented s ${unknown!.key}`]);
  });
});

describe('a shared subscription', () => {
  const SHARED = '$share/g/t/#';
  beforeEach(() => {
    for (const member of ['m', 'n']) subscribe(member, SHARED);
  });

  test.each([1, 2] as const)('QoS %i reaches one member', (qos) => {
    const [first, second] = [publishAcknowledged(qos), publishAcknowledged(qos)];
    arrive('m', second);
    arrive('n', first);
    expect(verdict()).toEqual([]);
  });

  test('what reaches no member is lost', () => {
    const message = publishAcknowledged();
    expect(verdict()).toEqual([`lost ${SHARED} ${message.key}`]);
  });

  test('QoS 2 does not reach two members', () => {
    const message = publishAcknowledged(2);
    arrive('m', message);
    arrive('n', message, { dup: true });
    expect(verdict()).toEqual([`repeated n ${message.key}`]);
  });

  test('what a member leaves comes to another one, QoS 2 only if it had not begun to be sent', () => {
    const [first, second] = [publishAcknowledged(1), publishAcknowledged(2)];
    const open = publish(2);
    arrive('m', first);
    ledger.resetting('m');
    ledger.reset('m');
    ledger.acknowledged(open);
    arrive('n', first);
    subscribe('m', SHARED);
    arrive('m', second);
    const third = publishAcknowledged(2);
    expect(verdict()).toEqual([`lost ${SHARED} ${third.key}`]);
  });

  test('QoS 1 that nobody gets after a member has left is lost', () => {
    const message = publishAcknowledged(1);
    ledger.resetting('m');
    ledger.reset('m');
    expect(verdict()).toEqual([`lost ${SHARED} ${message.key}`]);
  });

  test('a group does not serve those beside it', () => {
    subscribe('s');
    const message = publishAcknowledged();
    arrive('m', message);
    expect(verdict()).toEqual([`lost s ${message.key}`]);
  });
});
