import { FakeClock } from '@perch/broker/testing';
import { expect, test } from 'vitest';
import { LeaseBook } from './lease-book.js';

const joy = { name: 'joy', key: 'users joy', countedBy: 'joy', address: '10.0.0.7' };
const bob = { name: 'bob', key: 'users bob', countedBy: 'bob', address: null };
const at = (instanceId: string, port = 80) => ({ instanceId, address: '10.0.0.7', port });

function aBook(inAll = 10, perUser = 0) {
  const clock = new FakeClock();
  return { clock, book: new LeaseBook(clock, { inAll, perUser }) };
}

const ids = (book: LeaseBook, service: string) => book.find(service).map(({ instanceId }) => instanceId);

test('an instance is there for its lease, and longer when it is renewed', () => {
  const { clock, book } = aBook();
  expect(book.register('mail', at('a'), joy)).toBeNull();
  expect(book.register('mail', at('b'), joy)).toBeNull();
  clock.advance(20_000);
  expect(book.renew('mail', 'b', joy)).toBeNull();
  clock.advance(9_999);
  expect(ids(book, 'mail')).toEqual(['a', 'b']);
  clock.advance(1);
  expect(ids(book, 'mail')).toEqual(['b']);
  expect(book.renew('mail', 'a', joy)).toBe('unknown');
  clock.advance(20_000);
  expect([book.find('mail'), book.size, book.registered, book.expired]).toEqual([[], 0, 2, 2]);
});

test('nobody sets the clock and ends a lease', () => {
  const { clock, book } = aBook();
  book.register('mail', at('a'), joy);
  clock.set(clock.now() + 86_400_000);
  expect(ids(book, 'mail')).toEqual(['a']);
});

test('registering again tells another place, and keeps since when it is there', () => {
  const { clock, book } = aBook();
  book.register('mail', at('a'), joy);
  const [first] = book.find('mail');
  clock.advance(10_000);
  book.register('mail', at('a', 81), joy);
  expect(book.find('mail')).toMatchObject([{ port: 81, since: first?.since, renewedAt: clock.now() }]);
  expect([book.size, book.registered]).toEqual([1, 1]);
});

test('an instance is its own registrant’s', () => {
  const { book } = aBook();
  book.register('mail', at('a'), joy);
  expect(book.register('mail', at('a', 81), bob)).toBe('foreign');
  expect(book.renew('mail', 'a', bob)).toBe('foreign');
  expect(book.remove('mail', 'a', bob)).toBe('foreign');
  expect(book.remove('mail', 'a', joy)).toBeNull();
  expect(book.remove('mail', 'a', joy)).toBe('unknown');
});

test('the bound is over all services, and what has ended leaves room', () => {
  const { clock, book } = aBook(2);
  book.register('a', at('1'), joy);
  clock.advance(15_000);
  book.register('b', at('1'), joy);
  expect(book.register('c', at('1'), joy)).toBe('full');
  expect(book.register('b', at('1', 81), joy)).toBeNull();
  clock.advance(15_000);
  expect(book.register('c', at('1'), joy)).toBeNull();
  expect(book.list().map(({ service }) => service)).toEqual(['b', 'c']);
});

test('one user takes only so many places, whatever it calls itself; others find room, and what has ended leaves some', () => {
  const { clock, book } = aBook(10, 2);
  const other = { ...joy, name: 'joy-2', key: 'users joy-2' };
  expect([book.register('a', at('1'), joy), book.register('b', at('1'), other)]).toEqual([null, null]);
  expect([book.register('c', at('1'), joy), book.register('c', at('2'), other)]).toEqual(['too-many', 'too-many']);
  expect(book.register('c', at('1'), bob)).toBeNull();
  // Saying anew where it is, and renewing it, takes no more.
  for (let i = 0; i < 3; i++) expect(book.register('a', at('1', 81), joy)).toBeNull();
  expect([book.renew('a', '1', joy), book.remove('a', '1', joy)]).toEqual([null, null]);
  expect(book.register('d', at('1'), joy)).toBeNull();
  clock.advance(30_000);
  expect([book.register('a', at('1'), joy), book.register('b', at('1'), joy)]).toEqual([null, null]);
  expect(book.register('c', at('1'), joy)).toBe('too-many');
});
