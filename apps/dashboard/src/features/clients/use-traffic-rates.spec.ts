import { expect, test } from 'vitest';
import { ratesOf } from './use-traffic-rates.js';

const session = (connectedAt: string, messagesIn: number, bytesIn: number | null = null) => ({
  connectedAt,
  messagesIn,
  messagesOut: 0,
  bytesIn,
  bytesOut: null,
});

test('a rate is what came between two samples, per second', () => {
  const samples = [
    { at: 1_000, session: session('a', 10, 1_000) },
    { at: 2_000, session: session('a', 30, 5_000) },
    { at: 4_000, session: session('a', 30, 5_000) },
  ];
  expect(ratesOf(samples)).toMatchObject({ times: [2_000, 4_000], messagesIn: [20, 0], bytesIn: [4_000, 0] });
});

test('what is not known, an absence and a new connection are gaps, never zeros', () => {
  const samples = [
    { at: 1_000, session: session('a', 10) },
    { at: 2_000, session: session('b', 1) },
    { at: 3_000, session: null },
    { at: 4_000, session: session('c', 0) },
    { at: 5_000, session: session('c', 5) },
  ];
  expect(ratesOf(samples)).toMatchObject({ messagesIn: [null, null, null, 5], bytesIn: [null, null, null, null] });
});
