import type { ClientRankQuestion, ClientRanks } from '../../shared/api/generated/types.gen.js';
import type { Ranks, SortKey } from './presence-view.js';

/** What has to be asked to sort by a column; null where presence knows it. */
export function rankKeyOf(sort: SortKey): ClientRankQuestion['by'] | null {
  if (sort === 'rate') return 'messages';
  return sort === 'subscriptions' || sort === 'inFlight' ? sort : null;
}

/** What is known after an answer. */
export interface KnownRanks {
  readonly by: ClientRankQuestion['by'];
  readonly atMs: number;
  readonly counts: Ranks;
  /** Null until there were two answers, where it takes two. */
  readonly ranks: Ranks | null;
}

/** Rates over less than this would jump. */
const LEAST_MS = 500;

/** What is known after another answer: of messages, how many a second between two of them. */
export function nextRanks(
  before: KnownRanks | null,
  by: ClientRankQuestion['by'],
  { at, clientIds, values }: ClientRanks,
): KnownRanks {
  const atMs = Date.parse(at);
  const counts = new Map(clientIds.map((clientId, index) => [clientId, values[index] ?? 0]));
  if (by !== 'messages') return { by, atMs, counts, ranks: counts };
  const since = before?.by === by ? before : null;
  if (since === null) return { by, atMs, counts, ranks: null };
  const spanMs = atMs - since.atMs;
  if (spanMs < LEAST_MS) return since;
  const ranks = new Map<string, number>();
  for (const [clientId, count] of counts) {
    const moved = count - (since.counts.get(clientId) ?? 0);
    // Counts begin anew with a connection.
    if (moved !== 0) ranks.set(clientId, ((moved < 0 ? count : moved) * 1000) / spanMs);
  }
  return { by, atMs, counts, ranks };
}
