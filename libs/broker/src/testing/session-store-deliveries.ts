import { expect, test } from 'vitest';
import type { SessionStore } from '../ports/session-store.js';
import type { SessionStoreContext } from './session-store-context.js';
import {
  aDelivery,
  ALL,
  aQueuedMessage,
  aStoredSession,
  contentsOf,
  emptySession,
  nextTurn,
  range,
  seqsOf,
} from './stored-sessions.js';

/** What a delivery carries, and in which order. */
export function deliveryTests({ reopen, withSession }: SessionStoreContext): void {
  test('a delivery is read as it was appended, before and after a restart', async () => {
    const store = await withSession();
    const rich = aDelivery(1, {
      qos: 2,
      retain: true,
      isReceived: false,
      identifiers: [3, 268_435_455],
      share: '$share/gruppe/straße/#',
      message: aQueuedMessage({
        topic: 'straße/溫度/🌡',
        payload: Buffer.from([0, 1, 127, 128, 255]),
        qos: 2,
        retain: true,
        publisher: 'café',
        receivedAt: 1_700_000_000_999,
        expiresAt: 4_102_444_800_001,
        properties: {
          payloadFormatIndicator: true,
          contentType: 'text/plain; "\u0001\\',
          responseTopic: 'an/answer',
          correlationData: Buffer.from([0, 255, 1]),
          userProperties: [
            ['many', 'b'],
            ['one', '\u0001"\\'],
            ['many', ''],
          ],
        },
      }),
    });
    const plain = aDelivery(2, { message: aQueuedMessage({ payload: Buffer.alloc(0) }) });
    store.append(1, rich);
    store.append(1, plain);
    expect(await store.read(1, 0, ALL)).toEqual([rich, plain]);
    const again = await reopen(store);
    expect(await again.read(1, 0, ALL)).toEqual([rich, plain]);
    await again.close();
  });

  test('deliveries come in the order of their numbers, each session its own', async () => {
    const store = await withSession();
    store.keepSession(aStoredSession({ id: 2 }));
    for (let seq = 1; seq <= 300; seq++) {
      store.append(1, aDelivery(seq));
      store.append(2, aDelivery(seq + 1_000));
      if (seq % 100 === 0) await nextTurn();
    }
    const again = await reopen(store);
    expect(await seqsOf(again, 1)).toEqual(range(1, 300));
    expect(await seqsOf(again, 2)).toEqual(range(1_001, 1_300));
    const [one, two] = (await contentsOf(again)).sort((a, b) => a.session.id - b.session.id);
    expect(one?.deliveries).toMatchObject({ count: 300, lastSeq: 300 });
    expect(two?.deliveries).toMatchObject({ count: 300, lastSeq: 1_300 });
  });

  test('the number of a delivery may be as large as an integer can be', async () => {
    const store = await withSession();
    store.append(1, aDelivery(Number.MAX_SAFE_INTEGER));
    const again = await reopen(store);
    expect(await again.read(1, Number.MAX_SAFE_INTEGER - 1, ALL)).toEqual([aDelivery(Number.MAX_SAFE_INTEGER)]);
    expect((await contentsOf(again))[0]?.deliveries.lastSeq).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('what was received is known to be, whenever it was said', async () => {
    const store = await withSession();
    for (const seq of [1, 2, 3]) store.append(1, aDelivery(seq, { qos: 2 }));
    store.markReceived(1, 1);
    const again = await reopen(store);
    again.markReceived(1, 2);
    again.markReceived(1, 99);
    const received = async (from: SessionStore) => (await from.read(1, 0, ALL)).map(({ isReceived }) => isReceived);
    expect(await received(again)).toEqual([true, true, false]);
    const last = await reopen(again);
    expect(await received(last)).toEqual([true, true, false]);
    await last.close();
  });

  test('a delivery may be received from the start', async () => {
    const store = await withSession();
    store.append(1, aDelivery(1, { qos: 2, isReceived: true }));
    const again = await reopen(store);
    expect((await again.read(1, 0, ALL))[0]?.isReceived).toBe(true);
    await again.close();
  });
}

/** The end of a delivery. */
export function settleTests({ reopen, withSession }: SessionStoreContext): void {
  test('a settled delivery is gone at once and after a restart', async () => {
    const store = await withSession();
    for (const seq of range(1, 4)) store.append(1, aDelivery(seq));
    store.settle(1, 2);
    expect(await seqsOf(store, 1)).toEqual([1, 3, 4]);
    const again = await reopen(store);
    again.settle(1, 3);
    again.settle(1, 2);
    again.settle(1, 99);
    expect(await seqsOf(again, 1)).toEqual([1, 4]);
    const last = await reopen(again);
    expect((await contentsOf(last))[0]?.deliveries).toEqual({ count: 2, bytes: 14, lastSeq: 4 });
  });

  test('deliveries are settled in any order', async () => {
    const store = await withSession();
    for (const seq of range(1, 50)) store.append(1, aDelivery(seq));
    const again = await reopen(store);
    for (const seq of range(2, 50).reverse()) if (seq % 7 !== 0) again.settle(1, seq);
    expect(await seqsOf(again, 1)).toEqual([1, 7, 14, 21, 28, 35, 42, 49]);
    await again.close();
  });

  test('all deliveries of a range are settled at once, and no others', async () => {
    const store = await withSession();
    store.keepSession(aStoredSession({ id: 2 }));
    for (const seq of range(1, 9)) store.append(1, aDelivery(seq));
    for (const seq of range(1, 3)) store.append(2, aDelivery(seq));
    const again = await reopen(store);
    for (const seq of range(10, 15)) again.append(1, aDelivery(seq));
    again.settleRange(1, 1, 3);
    again.settleRange(1, 7, 11);
    again.settleRange(2, 0, 2);
    again.settleRange(2, 3, 3);
    again.append(1, aDelivery(16));
    expect(await seqsOf(again, 1)).toEqual([1, 4, 5, 6, 7, 12, 13, 14, 15, 16]);
    expect(await seqsOf(again, 2)).toEqual([3]);
    again.settleRange(1, 0, Number.MAX_SAFE_INTEGER);
    again.settleRange(2, 90, 99);
    const last = await reopen(again);
    expect(await seqsOf(last, 1)).toEqual([]);
    expect(await seqsOf(last, 2)).toEqual([3]);
    await last.close();
  });

  test('what is settled in the turn it was appended in leaves nothing', async () => {
    const store = await withSession();
    for (const seq of range(1, 10)) store.append(1, aDelivery(seq));
    store.markReceived(1, 3);
    store.settle(1, 10);
    store.settleRange(1, 0, 9);
    expect(await contentsOf(await reopen(store))).toEqual([emptySession(aStoredSession())]);
  });
}
