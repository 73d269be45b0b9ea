import { expect, test, vi } from 'vitest';
import { anEvent, someFacts } from './testing/presence-factories.js';
import { PresenceStore } from './presence-store.js';

test('only the listener of the changed row is called, once per commit', () => {
  const store = new PresenceStore();
  const pump = vi.fn();
  const valve = vi.fn();
  store.onRow('pump', pump);
  store.onRow('valve', valve);
  store.applyEvent(anEvent({ clientId: 'pump', seq: 1 }), 0);
  store.applyEvent(anEvent({ clientId: 'pump', seq: 2, online: false }), 0);
  store.commit();
  expect(pump).toHaveBeenCalledTimes(1);
  expect(valve).not.toHaveBeenCalled();
});

test('online and offline are counted through snapshots, events and removals', () => {
  const store = new PresenceStore();
  store.beginSnapshot();
  store.applySnapshot(someFacts({ clientId: 'a', online: true }), 5);
  store.applySnapshot(someFacts({ clientId: 'b', online: false }), 5);
  store.endSnapshot();
  store.commit();
  expect([store.getCounts().online, store.getCounts().offline]).toEqual([1, 1]);
  store.applyEvent(anEvent({ clientId: 'b', online: true, seq: 6 }), 0);
  store.commit();
  expect([store.getCounts().online, store.getCounts().offline]).toEqual([2, 0]);
  store.beginSnapshot();
  store.applySnapshot(someFacts({ clientId: 'b', online: true }), 9);
  store.endSnapshot();
  store.commit();
  expect([store.getCounts().online, store.getCounts().offline]).toEqual([1, 0]);
});

test('an event newer than a snapshot page is not overwritten by it', () => {
  const store = new PresenceStore();
  store.beginSnapshot();
  store.applyEvent(anEvent({ clientId: 'a', online: false, seq: 12 }), 0);
  store.applySnapshot(someFacts({ clientId: 'a', online: true }), 10);
  store.endSnapshot();
  expect(store.rows.get('a')?.online).toBe(false);
});

test('a snapshot that says the same paints nothing', () => {
  const store = new PresenceStore();
  store.beginSnapshot();
  store.applySnapshot(someFacts({ clientId: 'a' }), 1);
  store.endSnapshot();
  store.commit();
  const version = store.versionOf('a');
  store.beginSnapshot();
  store.applySnapshot(someFacts({ clientId: 'a' }), 2);
  store.endSnapshot();
  expect(store.versionOf('a')).toBe(version);
});

test('a row is tinted at most once a second', () => {
  const store = new PresenceStore();
  store.applyEvent(anEvent({ clientId: 'a', seq: 1 }), 5000);
  store.applyEvent(anEvent({ clientId: 'a', seq: 2 }), 5400);
  expect(store.rows.get('a')?.tintedAt).toBe(5000);
  store.applyEvent(anEvent({ clientId: 'a', seq: 3 }), 6100);
  expect(store.rows.get('a')?.tintedAt).toBe(6100);
});
