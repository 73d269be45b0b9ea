import { expect, test } from 'vitest';
import type { SessionStore } from '../ports/session-store.js';
import type { SessionStoreContext } from './session-store-context.js';
import {
  aDelivery,
  ALL,
  aQueuedMessage,
  aStoredSession,
  aStoredSubscription,
  contentsOf,
  NONE,
  range,
  seqsOf,
} from './stored-sessions.js';

/** One copy of a message. */
export function copyTests({ messageCount, reopen, withSession }: SessionStoreContext): void {
  const owedByMany = async (store: SessionStore, sessions: number, message = aQueuedMessage()) => {
    for (let id = 1; id <= sessions; id++) {
      store.keepSession(aStoredSession({ id }));
      store.append(id, aDelivery(1, { message, retain: id % 2 === 0 }));
    }
    await store.committed();
  };

  test('a message is kept once, however many sessions are owed it, until the last one has it', async () => {
    const store = await withSession();
    await owedByMany(store, 20);
    expect(await messageCount()).toBe(1);
    for (const id of range(1, 19)) store.settle(id, 1);
    await store.committed();
    expect(await messageCount()).toBe(1);
    expect(await store.read(20, 0, ALL)).toEqual([aDelivery(1, { message: aQueuedMessage(), retain: true })]);
    store.settleRange(20, 0, 1);
    await store.committed();
    expect(await messageCount()).toBe(0);
    await store.close();
  });

  test('a session may be owed a message more than once', async () => {
    const store = await withSession();
    const message = aQueuedMessage();
    for (const seq of range(1, 3)) store.append(1, aDelivery(seq, { message }));
    await store.committed();
    expect(await messageCount()).toBe(1);
    store.settle(1, 1);
    store.settle(1, 3);
    expect(await store.read(1, 0, ALL)).toEqual([aDelivery(2, { message })]);
    store.settle(1, 2);
    await store.committed();
    expect(await messageCount()).toBe(0);
    await store.close();
  });

  test('a removed session takes the messages that nobody else is owed with it', async () => {
    const store = await withSession();
    const shared = aQueuedMessage();
    await owedByMany(store, 2, shared);
    for (const seq of range(2, 9)) store.append(1, aDelivery(seq));
    store.removeSession(1);
    await store.committed();
    expect(await messageCount()).toBe(1);
    const again = await reopen(store);
    expect((await again.read(2, 0, ALL)).map(({ message }) => message)).toEqual([shared]);
    await again.close();
  });

  test('a message whose deliveries end at the same time is forgotten', async () => {
    const store = await withSession();
    await owedByMany(store, 50);
    for (const id of range(1, 50)) store.settle(id, 1);
    await store.committed();
    expect(await messageCount()).toBe(0);
    await store.close();
  });

  test('some sessions can be done with a message before it was written, others still get it', async () => {
    const store = await withSession();
    const message = aQueuedMessage();
    for (const id of range(1, 4)) {
      store.keepSession(aStoredSession({ id }));
      store.append(id, aDelivery(1, { message }));
    }
    for (const id of [1, 3]) store.settle(id, 1);
    await store.committed();
    expect(await messageCount()).toBe(1);
    const again = await reopen(store);
    expect(await Promise.all(range(1, 4).map((id) => seqsOf(again, id)))).toEqual([[], [1], [], [1]]);
    await again.close();
  });
}

/** Reading in pages. */
export function readTests({ withSession }: SessionStoreContext): void {
  const withDeliveries = async (sizes: readonly number[]) => {
    const store = await withSession();
    for (const [index, size] of sizes.entries())
      store.append(1, aDelivery(index + 1, { message: aQueuedMessage({ payload: Buffer.alloc(size) }) }));
    return store;
  };
  const page = async (store: SessionStore, afterSeq: number, limit: { count: number; bytes: number }) =>
    (await store.read(1, afterSeq, limit)).map(({ seq }) => seq);

  test('no more than the count is read, in order, from after the number', async () => {
    const store = await withDeliveries(Array.from({ length: 10 }, () => 1));
    expect(await page(store, 0, { ...ALL, count: 3 })).toEqual([1, 2, 3]);
    expect(await page(store, 3, { ...ALL, count: 3 })).toEqual([4, 5, 6]);
    expect(await page(store, 9, { ...ALL, count: 3 })).toEqual([10]);
    expect(await page(store, 10, { ...ALL, count: 3 })).toEqual([]);
    await store.close();
  });

  test('no more than the bytes are read, unless the first alone is larger', async () => {
    const store = await withDeliveries([100, 50, 51, 500, 0, 0]);
    expect(await page(store, 0, { ...ALL, bytes: 150 })).toEqual([1, 2]);
    expect(await page(store, 1, { ...ALL, bytes: 150 })).toEqual([2, 3]);
    expect(await page(store, 3, { ...ALL, bytes: 150 })).toEqual([4]);
    expect(await page(store, 3, { ...ALL, bytes: 500 })).toEqual([4, 5, 6]);
    expect(await page(store, 0, { ...ALL, bytes: 0 })).toEqual([1]);
    await store.close();
  });

  test('a read sees every change that was made before it, also when nothing was committed yet', async () => {
    const store = await withDeliveries([1, 1, 1]);
    const first = store.read(1, 0, ALL);
    store.settle(1, 2);
    store.markReceived(1, 3);
    const second = store.read(1, 0, ALL);
    store.append(1, aDelivery(4));
    const third = store.read(1, 0, ALL);
    expect((await first).map(({ seq }) => seq)).toEqual(expect.arrayContaining([1, 3]));
    expect((await second).find(({ seq }) => seq === 3)?.isReceived ?? true).toBe(true);
    expect((await third).some(({ seq }) => seq === 2)).toBe(false);
    store.removeSession(1);
    expect(await store.read(1, 0, ALL)).toEqual([]);
    await store.close();
  });
}

/** Commit and restart. */
export function commitTests({ open, reopen, withSession }: SessionStoreContext): void {
  test('with nothing to write nothing is to be waited for', async () => {
    const store = await open();
    expect(store.committed()).toBeNull();
    expect(store.hasRoom).toBe(true);
    store.keepSession(aStoredSession());
    store.append(1, aDelivery(1));
    await store.committed();
    expect(store.committed()).toBeNull();
    await store.close();
  });

  test('closing waits for what was not committed yet', async () => {
    const store = await withSession();
    for (const seq of range(1, 2_000)) store.append(1, aDelivery(seq));
    const again = await reopen(store);
    expect((await contentsOf(again))[0]?.deliveries).toMatchObject({ count: 2_000, lastSeq: 2_000 });
  });

  test('many sessions come back with their own counts', async () => {
    const store = await open();
    for (const id of range(1, 500)) {
      store.keepSession(aStoredSession({ id }));
      for (const filter of ['a', 'b', 'c']) store.keepSubscription(id, aStoredSubscription({ filter }));
      store.keepPacketId(id, id);
      if (id % 2 === 0) store.append(id, aDelivery(id));
    }
    const again = await reopen(store);
    const restored = (await contentsOf(again)).sort((one, other) => one.session.id - other.session.id);
    expect(restored).toHaveLength(500);
    for (const [index, { session, subscriptions, packetIds, deliveries }] of restored.entries()) {
      const id = index + 1;
      expect(session).toEqual(aStoredSession({ id }));
      expect(subscriptions.map(({ filter }) => filter).sort()).toEqual(['a', 'b', 'c']);
      expect(packetIds).toEqual([id]);
      const bytes = `value ${id}`.length;
      expect(deliveries).toEqual(id % 2 === 0 ? { count: 1, bytes, lastSeq: id } : NONE);
    }
  });

  test('what is made after a restart follows what was there', async () => {
    const store = await withSession();
    store.append(1, aDelivery(1));
    const again = await reopen(store);
    again.append(1, aDelivery(2));
    const last = await reopen(again);
    expect(await last.read(1, 0, ALL)).toEqual([aDelivery(1), aDelivery(2)]);
    await last.close();
  });
}
