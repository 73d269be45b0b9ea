import type { Message } from '@perch/broker';
import { expect, test } from 'vitest';
import { UndoStore } from './undo-store.js';

const aMessage = (topic: string, bytes = 1): Message => ({
  topic,
  payload: Buffer.alloc(bytes),
  qos: 0,
  retain: true,
  properties: null,
  publisher: 'p',
  receivedAt: 0,
  expiresAt: null,
});

test('what one job deleted is given back once', () => {
  const store = new UndoStore({ messages: 3, bytes: 100 });
  store.open('job');
  expect([store.keep('job', aMessage('a')), store.keep('job', aMessage('b'))]).toEqual([true, true]);
  expect(store.take('job')?.map(({ topic }) => topic)).toEqual(['a', 'b']);
  expect([store.take('job'), store.has('job')]).toEqual([null, false]);
});

test.each([
  ['messages', { messages: 2, bytes: 100 }, 1],
  ['bytes', { messages: 9, bytes: 100 }, 45],
])('a job with too many %s keeps nothing', (_what, limits, bytes) => {
  const store = new UndoStore(limits);
  store.open('job');
  const kept = ['a', 'b', 'c'].map((topic) => store.keep('job', aMessage(topic, bytes)));
  expect([kept, store.take('job')]).toEqual([[true, true, false], null]);
  store.open('next');
  expect(store.keep('next', aMessage('d', bytes))).toBe(true);
});

test('what was deleted before gives way to what is deleted now', () => {
  const store = new UndoStore({ messages: 2, bytes: 100 });
  store.open('old');
  store.keep('old', aMessage('a'));
  store.open('new');
  expect(['b', 'c'].map((topic) => store.keep('new', aMessage(topic)))).toEqual([true, true]);
  expect([store.has('old'), store.take('new')?.length]).toEqual([false, 2]);
});
