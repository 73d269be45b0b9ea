import { createContext } from 'react';
import type { ClientLoad, ClientLoads as LoadsAnswer } from '../../shared/api/generated/types.gen.js';

/** What is known of one client's load. */
export interface KnownLoad {
  readonly load: ClientLoad;
  /** Messages per second between two answers; null until there were two of the same connection. */
  readonly rates: { readonly in: number; readonly out: number } | null;
  /** The answer that the next rates begin at. */
  readonly from: { readonly load: ClientLoad; readonly atMs: number };
}

/** By client id; of whoever is in none, nothing is known. */
export type KnownLoads = ReadonlyMap<string, KnownLoad>;

/** The loads of the rows that are painted. */
export const ClientLoads = createContext<KnownLoads>(new Map());

/** Rates over less than this would jump. */
const LEAST_MS = 1_000;

/** What is known after another answer. Whoever it leaves out has no session, or is not looked at any more. */
export function nextLoads(before: KnownLoads, { at, items }: LoadsAnswer): KnownLoads {
  const atMs = Date.parse(at);
  return new Map(items.map((load) => [load.clientId, known(before.get(load.clientId), load, atMs)]));
}

function known(before: KnownLoad | undefined, load: ClientLoad, atMs: number): KnownLoad {
  const isSame = before !== undefined && load.connectedAt !== null && before.load.connectedAt === load.connectedAt;
  if (!isSame) return { load, rates: null, from: { load, atMs } };
  const spanMs = atMs - before.from.atMs;
  if (spanMs < LEAST_MS) return { ...before, load };
  // A publish that turns out to be repeated is taken back from its count.
  const rateOf = (to: number, from: number) => (Math.max(0, to - from) * 1000) / spanMs;
  const rates = {
    in: rateOf(load.messagesIn, before.from.load.messagesIn),
    out: rateOf(load.messagesOut, before.from.load.messagesOut),
  };
  return { load, rates, from: { load, atMs } };
}
