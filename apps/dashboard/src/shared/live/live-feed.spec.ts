import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { filterMatches } from '@perch/policy';
import type { FeedEvents, FeedRequest, FeedSource } from './feed-source.js';
import { LiveFeed, STALE_AFTER_MS } from './live-feed.js';
import type { LiveBatch } from './live-message.js';

class MemorySource implements FeedSource {
  events!: FeedEvents;
  readonly requests = new Set<FeedRequest>();
  reconnects = 0;
  start(events: FeedEvents) {
    this.events = events;
  }
  subscribe(request: FeedRequest) {
    this.requests.add(request);
    return { ready: Promise.resolve(), stop: () => this.requests.delete(request) };
  }
  reconnectNow() {
    this.reconnects += 1;
  }
  close() {
    this.requests.clear();
  }
  say(topic: string, payload = '') {
    for (const request of this.requests) {
      if (filterMatches(request.filter, topic)) request.onMessages([{ topic, payload }]);
    }
  }
}

let source: MemorySource;
let feed: LiveFeed;
let visibility: DocumentVisibilityState;

beforeEach(() => {
  vi.useFakeTimers();
  visibility = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
  source = new MemorySource();
  feed = new LiveFeed(source);
  feed.start();
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function watch(filter: string) {
  const batches: LiveBatch[] = [];
  const { stop } = feed.watch(filter, (batch) => batches.push(batch));
  return { batches, stop, topics: () => batches.flatMap((batch) => batch.messages.map((message) => message.topic)) };
}

const settle = () => vi.advanceTimersByTime(300);

function showTab(state: DocumentVisibilityState) {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
}

test('messages of a quarter of a second arrive as one batch', () => {
  source.events.opened();
  const a = watch('a/+');
  settle();
  source.say('a/1');
  source.say('a/2');
  source.say('b/1');
  settle();
  expect(a.batches.at(-1)?.messages.map((message) => message.topic)).toEqual(['a/1', 'a/2']);
});

test('a hidden tab paints nothing and gets one batch on return', () => {
  source.events.opened();
  const a = watch('#');
  settle();
  const before = a.batches.length;
  showTab('hidden');
  for (let n = 0; n < 5; n += 1) {
    source.say(`t/${n}`);
    settle();
  }
  expect(a.batches.length).toBe(before);
  showTab('visible');
  expect(a.batches.length).toBe(before + 1);
  expect(a.batches.at(-1)?.messages.length).toBe(5);
});

test('a pause holds messages back and says how many', () => {
  source.events.opened();
  const a = watch('#');
  settle();
  feed.pause();
  expect(feed.getState().status).toBe('paused');
  source.say('t/1');
  vi.advanceTimersByTime(1100);
  expect(feed.getState().held).toBe(1);
  feed.resume();
  expect(feed.getState().status).toBe('live');
  expect(a.topics()).toEqual(['t/1']);
});

test('the batch after a reconnect is marked incomplete, later ones are complete', async () => {
  source.events.opened();
  const a = watch('#');
  await Promise.resolve();
  settle();
  source.say('t/1');
  settle();
  expect(a.batches.at(-1)?.complete).toBe(true);
  source.events.closed({ retryAt: Date.now() + 1000 });
  source.events.opened();
  settle();
  expect(a.batches.at(-1)).toEqual({ messages: [], complete: false });
  source.say('t/2');
  settle();
  expect(a.batches.at(-1)?.complete).toBe(true);
});

test('a cut connection is reconnecting first and stale after half a minute', () => {
  source.events.opened();
  source.events.closed({ retryAt: Date.now() + 4000 });
  expect(feed.getState().status).toBe('reconnecting');
  vi.advanceTimersByTime(STALE_AFTER_MS + 1000);
  expect(feed.getState().status).toBe('stale');
  source.events.opened();
  expect(feed.getState().status).toBe('live');
});

test('a watcher that began before the first connection has missed nothing', async () => {
  const a = watch('#');
  source.events.opened();
  await Promise.resolve();
  settle();
  source.say('t/1');
  settle();
  expect(a.batches.every((batch) => batch.complete)).toBe(true);
});

test('an ended sign-in is not called reconnecting', () => {
  source.events.opened();
  source.events.closed({ retryAt: null });
  expect(feed.getState().status).toBe('signed-out');
});

test('a stopped watcher gets nothing more and its subscription ends', () => {
  source.events.opened();
  const a = watch('a');
  settle();
  source.say('a');
  a.stop();
  settle();
  expect(a.topics()).toEqual([]);
  expect(source.requests.size).toBe(0);
});

test('a refused filter can be told why', () => {
  watch('#');
  for (const request of source.requests) request.onRefused({ code: 'not-authorized', message: 'needs messages:read' });
  expect(feed.refusalOf('#')?.message).toBe('needs messages:read');
});

test('the rate is messages per second over five seconds', () => {
  source.events.opened();
  watch('#');
  for (let n = 0; n < 50; n += 1) source.say('t');
  vi.advanceTimersByTime(1100);
  expect(feed.getState().ratePerSecond).toBe(10);
  vi.advanceTimersByTime(6000);
  expect(feed.getState().ratePerSecond).toBe(0);
});
