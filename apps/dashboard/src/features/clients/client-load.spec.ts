import { expect, test } from 'vitest';
import type { ClientLoad } from '../../shared/api/generated/types.gen.js';
import { type KnownLoads, nextLoads } from './client-load.js';

const none: KnownLoads = new Map();
const begun = '2026-01-01T00:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(begun) + seconds * 1000).toISOString();

function load(facts: Partial<ClientLoad> = {}): ClientLoad {
  const counts = { subscriptions: 1, inFlight: 0, queued: 0, messagesIn: 0, messagesOut: 0 };
  return { clientId: 'pump', connectedAt: begun, ...counts, ...facts };
}

const after = (before: KnownLoads, seconds: number, facts?: Partial<ClientLoad>) =>
  nextLoads(before, { at: at(seconds), items: [load(facts)] });
const ratesOf = (known: KnownLoads) => known.get('pump')?.rates;

test('a rate is known from the second answer on, and a new connection begins anew', () => {
  const first = after(none, 10, { messagesIn: 100 });
  expect(ratesOf(first)).toBeNull();
  const second = after(first, 15, { messagesIn: 150, messagesOut: 5 });
  expect(ratesOf(second)).toEqual({ in: 10, out: 1 });
  expect(ratesOf(after(second, 20, { connectedAt: at(17), messagesIn: 3 }))).toBeNull();
  expect(ratesOf(after(second, 20, { connectedAt: null }))).toBeNull();
});

test('answers that follow at once leave the rate as it was; who is left out is not known any more', () => {
  const first = after(none, 10);
  const second = after(first, 15, { messagesIn: 50 });
  const third = after(second, 15.2, { messagesIn: 90, queued: 7 });
  expect(ratesOf(third)).toEqual({ in: 10, out: 0 });
  expect(third.get('pump')?.load.queued).toBe(7);
  expect(ratesOf(after(third, 20, { messagesIn: 150 }))).toEqual({ in: 20, out: 0 });
  expect(nextLoads(third, { at: at(21), items: [] }).size).toBe(0);
});
