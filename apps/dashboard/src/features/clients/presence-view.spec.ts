import { expect, test } from 'vitest';
import { PresenceStore } from './presence-store.js';
import { everyone, PresenceView } from './presence-view.js';
import { anEvent, someFacts } from './testing/presence-factories.js';

function aStore(...ids: string[]): PresenceStore {
  const store = new PresenceStore();
  store.beginSnapshot();
  for (const clientId of ids) store.applySnapshot(someFacts({ clientId }), 1);
  store.endSnapshot();
  store.commit();
  return store;
}

function aView(store: PresenceStore): PresenceView {
  const view = new PresenceView(store);
  view.open();
  return view;
}

const idsOf = (view: PresenceView) => view.getSnapshot().rows.map((row) => row.clientId);

test('a new client waits until the reader asks for it', () => {
  const store = aStore('a', 'c');
  const view = aView(store);
  store.applyEvent(anEvent({ clientId: 'b', seq: 2 }), 0);
  store.commit();
  expect(idsOf(view)).toEqual(['a', 'c']);
  expect(view.getSnapshot().pending).toEqual({ added: 1, moved: 0, left: 0 });
  view.applyPending();
  expect(idsOf(view)).toEqual(['a', 'b', 'c']);
  expect(view.getSnapshot().pending).toEqual({ added: 0, moved: 0, left: 0 });
});

test('a row whose place changed stays where it is and is counted as moved', () => {
  const store = aStore('a', 'b');
  const view = aView(store);
  view.setQuery({ ...everyone, sort: 'since', isDescending: true });
  store.applyEvent(anEvent({ clientId: 'b', seq: 2 }), 0);
  store.commit();
  expect(idsOf(view)).toEqual(['a', 'b']);
  expect(view.getSnapshot().pending.moved).toBe(1);
  view.applyPending();
  expect(idsOf(view)).toEqual(['b', 'a']);
});

test('what presence does not know sorts the list at once, and moves nothing under the reader later', () => {
  const view = aView(aStore('a', 'b', 'c'));
  view.setQuery({ ...everyone, sort: 'inFlight', isDescending: true });
  view.setRanks(new Map([['b', 5]]));
  expect(idsOf(view)).toEqual(['b', 'a', 'c']);
  view.setRanks(
    new Map([
      ['b', 5],
      ['c', 9],
    ]),
  );
  expect(idsOf(view)).toEqual(['b', 'a', 'c']);
  expect(view.getSnapshot().pending).toEqual({ added: 0, moved: 1, left: 0 });
  view.applyPending();
  expect(idsOf(view)).toEqual(['c', 'b', 'a']);
});

test('a row that no longer matches stays visible and is counted as left', () => {
  const store = aStore('a', 'b');
  const view = aView(store);
  view.setQuery({ ...everyone, state: 'online' });
  store.applyEvent(anEvent({ clientId: 'a', online: false, seq: 2 }), 0);
  store.commit();
  expect(idsOf(view)).toEqual(['a', 'b']);
  expect(view.getSnapshot().pending.left).toBe(1);
  store.applyEvent(anEvent({ clientId: 'a', online: true, seq: 3 }), 0);
  store.commit();
  expect(view.getSnapshot().pending.left).toBe(0);
});

test('the search looks into id, user and address', () => {
  const store = aStore('a', 'b', 'c');
  store.applyEvent(anEvent({ clientId: 'b', username: 'Joy', seq: 2 }), 0);
  store.applyEvent(anEvent({ clientId: 'c', address: '10.0.0.9', seq: 3 }), 0);
  store.commit();
  const view = aView(store);
  view.setQuery({ ...everyone, text: 'joy' });
  expect(idsOf(view)).toEqual(['b']);
  view.setQuery({ ...everyone, text: '10.0' });
  expect(idsOf(view)).toEqual(['c']);
});

test('one more letter narrows what is shown; what changed meanwhile is looked at again', () => {
  const store = aStore('pump-1', 'pump-12', 'valve-1');
  const view = aView(store);
  view.setQuery({ ...everyone, text: 'pump-1' });
  view.setQuery({ ...everyone, text: 'pump-12' });
  expect(idsOf(view)).toEqual(['pump-12']);
  store.applyEvent(anEvent({ clientId: 'pump-123', seq: 2 }), 0);
  store.commit();
  view.setQuery({ ...everyone, text: 'pump-123' });
  expect(idsOf(view)).toEqual(['pump-123']);
  view.setQuery({ ...everyone, text: 'valve' });
  expect(idsOf(view)).toEqual(['valve-1']);
});

test('filters by state, protocol and user hold together', () => {
  const store = aStore('a');
  store.applyEvent(anEvent({ clientId: 'b', username: 'joy', protocol: 'json', seq: 2 }), 0);
  store.applyEvent(anEvent({ clientId: 'c', username: 'joy', protocol: 'json', online: false, seq: 3 }), 0);
  store.commit();
  const view = aView(store);
  view.setQuery({ ...everyone, state: 'online', protocol: 'json', username: 'joy' });
  expect(idsOf(view)).toEqual(['b']);
});

test('a client removed by a new snapshot leaves with the next apply', () => {
  const store = aStore('a', 'b');
  const view = aView(store);
  store.beginSnapshot();
  store.applySnapshot(someFacts({ clientId: 'b' }), 9);
  store.endSnapshot();
  store.commit();
  expect(idsOf(view)).toEqual(['a', 'b']);
  expect(view.getSnapshot().pending.left).toBe(1);
  view.applyPending();
  expect(idsOf(view)).toEqual(['b']);
});
