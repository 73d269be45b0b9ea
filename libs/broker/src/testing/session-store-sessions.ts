import { expect, test } from 'vitest';
import type { SessionStore } from '../ports/session-store.js';
import { aRule } from './new-broker.js';
import type { SessionStoreContext } from './session-store-context.js';
import {
  aDelivery,
  ALL,
  allOf,
  aQueuedMessage,
  aStoredSession,
  aStoredSubscription,
  byFilter,
  contentsOf,
  emptySession,
  longest,
  subscriptionsOf,
} from './stored-sessions.js';

/** Sessions and their subscriptions. */
export function sessionTests({ open, reopen, withSession }: SessionStoreContext): void {
  test('a new store holds nothing', async () => {
    const store = await open();
    expect(await contentsOf(store)).toEqual([]);
    expect(await store.read(1, 0, ALL)).toEqual([]);
    await store.close();
  });

  test('a session is there after a restart, unchanged', async () => {
    const store = await open();
    const session = aStoredSession({
      id: 9_007_199_254_740_000,
      clientId: 'straße/溫度/🌡',
      username: null,
      address: null,
      createdAt: 1_700_000_000_001,
      sessionExpiryInterval: 4_294_967_295,
      disconnectedAt: 1_700_000_009_999,
      sentSeq: 9_007_199_254_740_991,
    });
    store.keepSession(session);
    expect(await contentsOf(await reopen(store))).toEqual([emptySession(session)]);
  });

  test('the labels and own rules of a session are there after a restart, and change with it', async () => {
    const store = await open();
    const own = { rules: [aRule({ topics: ['straße/%c', 'a"b\\{}'], note: 'with \u0001' })], place: 'after' as const };
    const session = aStoredSession({ labels: ['press', 'with "quotes", \\ and {braces}', 'NULL', ' '], own });
    store.keepSession(session);
    const again = await reopen(store);
    expect(await allOf(again)).toEqual([emptySession(session)]);
    again.keepSession({ ...session, labels: [], own: null });
    expect(await contentsOf(await reopen(again))).toEqual([emptySession({ ...session, labels: [], own: null })]);
  });

  test('a will is kept with all its properties, and goes when it is taken back', async () => {
    const store = await open();
    const message = aQueuedMessage({
      topic: 'last/words/🕯',
      payload: Buffer.from([0, 1, 127, 128, 255]),
      qos: 2,
      retain: true,
      publisher: 'café',
      expiresAt: 1_700_000_100_000,
      properties: {
        payloadFormatIndicator: false,
        contentType: 'text/plain',
        responseTopic: 'an/answer',
        correlationData: Buffer.from([0, 255, 1]),
        userProperties: [
          ['many', 'b'],
          ['one', '\u0001"\\'],
          ['many', ''],
        ],
      },
    });
    const session = aStoredSession({ will: { message, delayInterval: 4_294_967_295 } });
    store.keepSession(session);
    const again = await reopen(store);
    expect(await allOf(again)).toEqual([emptySession(session)]);
    again.keepSession({ ...session, will: null });
    expect(await contentsOf(await reopen(again))).toEqual([emptySession({ ...session, will: null })]);
  });

  test('a session that is kept again is changed, and keeps its subscriptions, packet ids and deliveries', async () => {
    const store = await withSession();
    store.keepSubscription(1, aStoredSubscription());
    store.keepPacketId(1, 7);
    store.append(1, aDelivery(1));
    const again = await reopen(store);
    const changed = aStoredSession({ sessionExpiryInterval: 5, disconnectedAt: 9, username: 'x', sentSeq: 4 });
    again.keepSession(changed);
    expect(await contentsOf(await reopen(again))).toEqual([
      {
        session: changed,
        subscriptions: [aStoredSubscription()],
        packetIds: [7],
        deliveries: { count: 1, bytes: 7, lastSeq: 1 },
      },
    ]);
  });

  test('of the changes of a session in one turn the last one counts', async () => {
    const store = await open();
    for (let at = 1; at <= 5; at++) store.keepSession(aStoredSession({ disconnectedAt: at }));
    expect(await contentsOf(await reopen(store))).toEqual([emptySession(aStoredSession({ disconnectedAt: 5 }))]);
  });

  test('subscriptions are kept, changed and removed by their filter', async () => {
    const store = await withSession();
    const rich = aStoredSubscription({
      filter: '$share/gruppe/straße/#',
      qos: 2,
      noLocal: true,
      retainAsPublished: true,
      identifiers: [1, 268_435_455],
    });
    for (const filter of ['a', 'b', 'c']) store.keepSubscription(1, aStoredSubscription({ filter }));
    store.keepSubscription(1, rich);
    store.removeSubscription(1, 'a');
    const again = await reopen(store);
    const kept = ['b', 'c'].map((filter) => aStoredSubscription({ filter }));
    expect(await subscriptionsOf(again)).toEqual(byFilter([...kept, rich]));

    again.keepSubscription(1, aStoredSubscription({ filter: 'b', qos: 0, identifiers: [3] }));
    again.removeSubscription(1, 'c');
    again.removeSubscription(1, 'never/subscribed');
    const last = await reopen(again);
    const changed = aStoredSubscription({ filter: 'b', qos: 0, identifiers: [3] });
    expect(await subscriptionsOf(last)).toEqual(byFilter([changed, rich]));
    await last.close();
  });

  test('a subscription that is removed and made again in one turn is there, one that is made and removed is not', async () => {
    const store = await withSession();
    store.keepSubscription(1, aStoredSubscription({ filter: 'kept' }));
    const again = await reopen(store);
    again.removeSubscription(1, 'kept');
    again.keepSubscription(1, aStoredSubscription({ filter: 'kept', qos: 2 }));
    again.keepSubscription(1, aStoredSubscription({ filter: 'gone' }));
    again.removeSubscription(1, 'gone');
    const last = await reopen(again);
    expect(await subscriptionsOf(last)).toEqual([aStoredSubscription({ filter: 'kept', qos: 2 })]);
    await last.close();
  });

  test('a removed session takes everything with it, and others keep theirs', async () => {
    const store = await withSession();
    store.keepSession(aStoredSession({ id: 2 }));
    for (const id of [1, 2]) {
      store.keepSubscription(id, aStoredSubscription());
      store.keepPacketId(id, 7);
      store.append(id, aDelivery(1));
    }
    const again = await reopen(store);
    again.removeSession(1);
    expect(await again.read(1, 0, ALL)).toEqual([]);
    const last = await reopen(again);
    expect((await contentsOf(last)).map(({ session }) => session.id)).toEqual([2]);
  });

  test('a session that is made and removed in one turn leaves nothing, nor does one that was never there', async () => {
    const store = await withSession();
    store.keepSubscription(1, aStoredSubscription());
    store.keepPacketId(1, 7);
    store.append(1, aDelivery(1));
    store.removeSession(1);
    store.removeSession(77);
    expect(await contentsOf(await reopen(store))).toEqual([]);
  });

  test('what is said of a session that is not kept changes nothing', async () => {
    const store = await open();
    store.keepSubscription(1, aStoredSubscription());
    store.keepPacketId(1, 7);
    store.append(1, aDelivery(1));
    store.markReceived(1, 1);
    store.settle(1, 1);
    store.settleRange(1, 0, 9);
    store.removeSubscription(1, 'a/+');
    store.removePacketId(1, 7);
    store.keepSession(aStoredSession());
    expect(await contentsOf(await reopen(store))).toEqual([emptySession(aStoredSession())]);
  });

  test('a client id can have a new session in the turn in which its old one is removed', async () => {
    const store = await withSession();
    store.keepSubscription(1, aStoredSubscription());
    const again = await reopen(store);
    again.removeSession(1);
    again.keepSession(aStoredSession({ id: 2, clientId: 'client-1' }));
    const fresh = emptySession(aStoredSession({ id: 2, clientId: 'client-1' }));
    expect(await contentsOf(await reopen(again))).toEqual([fresh]);
  });

  test('a client id can have two sessions, while the old one is not gone yet', async () => {
    const store = await withSession();
    const later = aStoredSession({ id: 2, clientId: 'client-1' });
    store.keepSession(later);
    const again = await reopen(store);
    const both = (await allOf(again)).sort((one, other) => one.session.id - other.session.id);
    expect(both).toEqual([emptySession(aStoredSession()), emptySession(later)]);
    again.removeSession(1);
    expect(await contentsOf(await reopen(again))).toEqual([emptySession(later)]);
  });

  test('client ids, filters, topics and shares of 65,535 bytes are kept', async () => {
    const store = await open();
    const session = aStoredSession({ clientId: longest('c'), username: longest('u') });
    const subscription = aStoredSubscription({ filter: longest('f') });
    const message = aQueuedMessage({ topic: longest('t'), publisher: longest('p') });
    const delivery = aDelivery(1, { message, share: longest('s') });
    store.keepSession(session);
    store.keepSubscription(1, subscription);
    store.keepSubscription(1, aStoredSubscription({ filter: longest('g') }));
    store.removeSubscription(1, longest('g'));
    store.append(1, delivery);
    const again = await reopen(store);
    const [contents] = await allOf(again);
    expect(contents).toMatchObject({ session, subscriptions: [subscription] });
    expect(await again.read(1, 0, ALL)).toEqual([delivery]);
    await again.close();
  });
}

/** Packet ids of QoS 2 publishes. */
export function packetIdTests({ reopen, withSession }: SessionStoreContext): void {
  const packetIdsOf = async (store: SessionStore) =>
    (await allOf(store)).flatMap(({ packetIds }) => packetIds).sort((one, other) => one - other);

  test('packet ids are remembered until they are removed [MQTT-4.3.3-2] [MQTT5-4.3.3-10]', async () => {
    const store = await withSession();
    for (const packetId of [1, 2, 3, 65_535]) store.keepPacketId(1, packetId);
    store.keepPacketId(1, 2);
    store.removePacketId(1, 3);
    const again = await reopen(store);
    expect(await packetIdsOf(again)).toEqual([1, 2, 65_535]);
    again.removePacketId(1, 1);
    again.removePacketId(1, 4);
    again.keepPacketId(1, 65_535);
    const last = await reopen(again);
    expect(await packetIdsOf(last)).toEqual([2, 65_535]);
    await last.close();
  });

  test('a packet id that is removed and used again in one turn is remembered', async () => {
    const store = await withSession();
    store.keepPacketId(1, 5);
    const again = await reopen(store);
    again.removePacketId(1, 5);
    again.keepPacketId(1, 5);
    const last = await reopen(again);
    expect(await packetIdsOf(last)).toEqual([5]);
    await last.close();
  });
}
