import type { ShadowDifference } from '@perch/policy';
import type { ShadowReport } from './shadow.schemas.js';

type Counts = ShadowReport['totals'];
type Item = ShadowReport['items'][number];

/** Clients that are counted one by one, and differences that are remembered; the eldest of those goes first. */
const CLIENTS = 10_000;
const ITEMS = 2000;
/** How many of each are told. */
const SHOWN = 200;
const LONGEST_TOPIC = 1024;

/** Counts what the shadow would have decided otherwise: may be told once per message. */
export class ShadowTally {
  private readonly since = Date.now();
  private readonly totals = noCounts();
  private readonly rules = new Map<string | null, Counts>();
  private readonly clients = new Map<string, Counts>();
  private readonly items = new Map<string, Omit<Item, 'lastAt'> & { lastMs: number }>();
  private omitted = 0;

  add({ identity, action, topic, change, ruleId, live }: ShadowDifference): void {
    const { clientId, username, address, labels = [] } = identity;
    this.totals[change]++;
    countIn(this.rules, ruleId)[change]++;
    if (this.clients.size < CLIENTS || this.clients.has(clientId)) countIn(this.clients, clientId)[change]++;
    if (topic.length > LONGEST_TOPIC) return void this.omitted++;
    const key = `${change} ${action} ${clientId.length} ${clientId} ${topic}`;
    const known = this.items.get(key);
    this.items.delete(key);
    const count = (known?.count ?? 0) + 1;
    const { ruleId: liveRuleId } = live;
    const who = { clientId, username, address, labels: [...labels] };
    this.items.set(key, { ...who, action, topic, change, ruleId, liveRuleId, count, lastMs: Date.now() });
    if (this.items.size > ITEMS) this.forgetEldest();
  }

  report(): ShadowReport {
    return {
      since: new Date(this.since).toISOString(),
      totals: { ...this.totals },
      rules: mostFirst(this.rules).map(([ruleId, counts]) => ({ ruleId, ...counts })),
      clients: mostFirst(this.clients)
        .slice(0, SHOWN)
        .map(([clientId, counts]) => ({ clientId, ...counts })),
      clientCount: this.clients.size,
      items: [...this.items.values()]
        .slice(-SHOWN)
        .reverse()
        .map(({ lastMs, ...item }) => ({ ...item, lastAt: new Date(lastMs).toISOString() })),
      omitted: this.omitted,
    };
  }

  private forgetEldest(): void {
    for (const [key, { count }] of this.items) {
      this.items.delete(key);
      this.omitted += count;
      return;
    }
  }
}

function noCounts(): Counts {
  return { refused: 0, allowed: 0, narrowed: 0, widened: 0 };
}

function countIn<Key>(counts: Map<Key, Counts>, key: Key): Counts {
  const known = counts.get(key);
  if (known) return known;
  const fresh = noCounts();
  counts.set(key, fresh);
  return fresh;
}

function mostFirst<Key>(counts: ReadonlyMap<Key, Counts>): [Key, Counts][] {
  return [...counts].sort(([, a], [, b]) => sumOf(b) - sumOf(a));
}

function sumOf({ refused, allowed, narrowed, widened }: Counts): number {
  return refused + allowed + narrowed + widened;
}
