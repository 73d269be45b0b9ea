import { useEffect, useState } from 'react';
import type { ClientSession } from '../../shared/api/generated/types.gen.js';

/** Rates per second between one sample and the next; null where one of the two does not know. */
export interface Rates {
  /** When the later sample was taken, in ms since the epoch. */
  readonly times: readonly number[];
  readonly messagesIn: readonly (number | null)[];
  readonly messagesOut: readonly (number | null)[];
  readonly bytesIn: readonly (number | null)[];
  readonly bytesOut: readonly (number | null)[];
}

/** So far back rates are kept. */
export const SHOWN_MS = 15 * 60_000;

const counters = ['messagesIn', 'messagesOut', 'bytesIn', 'bytesOut'] as const;

type Counters = Pick<ClientSession, (typeof counters)[number] | 'connectedAt'>;

interface Sample {
  readonly at: number;
  readonly session: Counters | null;
}

/** Keeps what a session's counters were, as long as somebody looks, and tells the rates between. */
export function useTrafficRates(session: Counters | null, at: number): Rates {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    if (at > 0) setSamples((before) => added(before, { at, session }));
  }, [session, at]);
  return ratesOf(samples);
}

function added(before: readonly Sample[], sample: Sample): readonly Sample[] {
  if (before.at(-1)?.at === sample.at) return before;
  return [...before.filter(({ at }) => at > sample.at - SHOWN_MS), sample];
}

/** The rates between samples; a new connection counts from nothing, so that there is a gap and no fall. */
export function ratesOf(samples: readonly Sample[]): Rates {
  const rateOf = (key: (typeof counters)[number]) =>
    samples.slice(1).map((later, index) => rateBetween(samples[index] as Sample, later, key));
  const [messagesIn = [], messagesOut = [], bytesIn = [], bytesOut = []] = counters.map(rateOf);
  return { times: samples.slice(1).map(({ at }) => at), messagesIn, messagesOut, bytesIn, bytesOut };
}

function rateBetween(before: Sample, after: Sample, key: (typeof counters)[number]): number | null {
  if (before.session?.connectedAt !== after.session?.connectedAt) return null;
  const [from, to] = [before.session?.[key] ?? null, after.session?.[key] ?? null];
  return from === null || to === null ? null : ((to - from) * 1000) / (after.at - before.at);
}
