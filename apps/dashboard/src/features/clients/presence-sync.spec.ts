import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveMessage, type LiveBatch } from '../../shared/live/live-message.js';
import type { PresenceEvent } from '../../shared/live/presence-event.js';
import { PresenceStore } from './presence-store.js';
import { PresenceSync, type PresencePage } from './presence-sync.js';
import { anEvent, someFacts, wirePayload } from './testing/presence-factories.js';

class MemoryFeed {
  handler: ((batch: LiveBatch) => void) | null = null;
  watch(_filter: string, handler: (batch: LiveBatch) => void) {
    this.handler = handler;
    return { ready: Promise.resolve(), stop: () => (this.handler = null) };
  }
  say(...events: PresenceEvent[]) {
    const messages = events.map(
      (event) => new LiveMessage(`$SYS/broker/connection/clients/${event.clientId}`, wirePayload(event)),
    );
    this.handler?.({ messages, complete: true });
  }
  restart() {
    this.handler?.({ messages: [], complete: false });
  }
}

/** Pages that the test hands out when it wants to. */
class Pages {
  readonly asked: { after: string | null; give: (page: PresencePage) => void; fail: (error: unknown) => void }[] = [];
  readonly fetch = (after: string | null) =>
    new Promise<PresencePage>((give, fail) => this.asked.push({ after, give, fail }));
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const page = (ids: string[], seq: number, next: string | null = null): PresencePage => ({
  items: ids.map((clientId) => someFacts({ clientId })),
  next,
  seq,
  online: ids.length,
  offline: 0,
  gone: 0,
});

let feed: MemoryFeed;
let pages: Pages;
let store: PresenceStore;
let sync: PresenceSync;

beforeEach(async () => {
  vi.useFakeTimers();
  feed = new MemoryFeed();
  pages = new Pages();
  store = new PresenceStore();
  sync = new PresenceSync(store, feed, pages.fetch);
  sync.start();
  await settle();
});

afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

test('events that come before the snapshot are applied after it, and only the newer ones', async () => {
  feed.say(anEvent({ clientId: 'a', online: false, seq: 10 }), anEvent({ clientId: 'a', online: false, seq: 11 }));
  expect(store.rows.size).toBe(0);
  pages.asked[0]!.give(page(['a', 'b'], 10));
  await settle();
  expect(store.rows.get('a')?.online).toBe(false);
  expect(store.rows.get('b')?.online).toBe(true);
  expect(sync.getState().phase).toBe('ready');
});

test('an event the snapshot already contains changes nothing', async () => {
  pages.asked[0]!.give(page(['a'], 10));
  await settle();
  feed.say(anEvent({ clientId: 'a', online: false, seq: 10 }));
  expect(store.rows.get('a')?.online).toBe(true);
});

test('pages are fetched until done and rows show from the first one on', async () => {
  pages.asked[0]!.give(page(['a'], 10, 'key-1'));
  await settle();
  expect([...store.rows.keys()]).toEqual(['a']);
  expect(sync.getState().phase).toBe('loading');
  expect(pages.asked[1]!.after).toBe('key-1');
  feed.say(anEvent({ clientId: 'b', online: false, seq: 11 }));
  pages.asked[1]!.give(page(['b'], 10));
  await settle();
  expect(store.rows.get('b')?.online).toBe(false);
  expect(sync.getState().phase).toBe('ready');
});

test('a gap in the sequence is healed by a new snapshot', async () => {
  pages.asked[0]!.give(page(['a'], 10));
  await settle();
  feed.say(anEvent({ clientId: 'a', online: false, seq: 13 }));
  await vi.advanceTimersByTimeAsync(2000);
  expect(pages.asked.length).toBe(2);
  pages.asked[1]!.give(page(['a', 'c'], 13));
  await settle();
  expect([...store.rows.keys()].sort()).toEqual(['a', 'c']);
});

test('a restarted feed is followed by a new snapshot, also when the sequence began anew', async () => {
  pages.asked[0]!.give(page(['a', 'b'], 500));
  await settle();
  feed.restart();
  await vi.advanceTimersByTimeAsync(2000);
  pages.asked[1]!.give(page(['a'], 3));
  await settle();
  expect([...store.rows.keys()]).toEqual(['a']);
  feed.say(anEvent({ clientId: 'a', online: false, seq: 4 }));
  expect(store.rows.get('a')?.online).toBe(false);
  expect(pages.asked.length).toBe(2);
});

test('a snapshot that failed is tried again by itself', async () => {
  pages.asked[0]!.fail(new Error('away'));
  await vi.advanceTimersByTimeAsync(10_000);
  pages.asked[1]!.give(page(['a'], 10));
  await settle();
  expect(sync.getState().phase).toBe('ready');
});

test('a failed snapshot is told, keeps what is shown and can be asked for again', async () => {
  pages.asked[0]!.give(page(['a'], 10));
  await settle();
  sync.refetch();
  pages.asked[1]!.fail(new Error('away'));
  await settle();
  expect(sync.getState().phase).toBe('failed');
  expect(store.rows.size).toBe(1);
  sync.refetch();
  pages.asked[2]!.give(page(['a'], 12));
  await settle();
  expect(sync.getState().phase).toBe('ready');
});
