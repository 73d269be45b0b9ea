import type {
  ClientImpact,
  Impact,
  ImpactChange,
  ImpactClient,
  ImpactCounts,
  ImpactKind,
  ImpactSubject,
  RuleImpact,
} from './impact-change.js';

type Counts = Record<ImpactKind, number>;

interface RuleTally {
  readonly counts: Counts;
  clients: number;
  /** The client that was counted last. */
  last: ImpactClient | null;
}

/** Counts what changes, and keeps the first clients of each list. */
export class ImpactTally {
  private readonly counts: Record<ImpactSubject, Counts> = {
    subscription: noCounts(),
    will: noCounts(),
    publish: noCounts(),
  };
  private readonly judged: Record<ImpactSubject, number> = { subscription: 0, will: 0, publish: 0 };
  private readonly rules = new Map<string | null, RuleTally>();
  private readonly losing = new ClientList();
  private readonly gaining = new ClientList();
  private clients = 0;
  private changed = 0;

  constructor(private readonly listLimit: number) {}

  /** Counts one client with all that changes for it. */
  add(client: ImpactClient, changes: readonly ImpactChange[]): void {
    this.clients += 1;
    this.judged.subscription += client.subscriptions.length;
    this.judged.will += client.will === null ? 0 : 1;
    this.judged.publish += client.published.length;
    if (changes.length === 0) return;
    this.changed += 1;
    this.losing.add(client, changes.filter(takesAway), this.listLimit);
    this.gaining.add(
      client,
      changes.filter((change) => !takesAway(change)),
      this.listLimit,
    );
    for (const change of changes) {
      this.counts[change.subject][change.kind] += 1;
      this.addToRule(client, change);
    }
  }

  impact(): Impact {
    const total = (subject: ImpactSubject) => {
      const { loses, narrowed, gains, widened } = this.counts[subject];
      const unaffected = this.judged[subject] - loses - narrowed - gains - widened;
      return { loses, narrowed, gains, widened, unaffected };
    };
    return {
      clients: {
        total: this.clients,
        losing: this.losing.total,
        gaining: this.gaining.total,
        unaffected: this.clients - this.changed,
      },
      totals: { subscription: total('subscription'), will: total('will'), publish: total('publish') },
      losing: this.losing.first,
      gaining: this.gaining.first,
      rules: [...this.rules].map(ruleImpact).sort(byWeight),
    };
  }

  private addToRule(client: ImpactClient, { cause, kind }: ImpactChange): void {
    const tally = this.rules.get(cause) ?? { counts: noCounts(), clients: 0, last: null };
    this.rules.set(cause, tally);
    tally.counts[kind] += 1;
    if (tally.last === client) return;
    tally.clients += 1;
    tally.last = client;
  }
}

class ClientList {
  readonly first: ClientImpact[] = [];
  total = 0;

  add({ identity }: ImpactClient, changes: readonly ImpactChange[], limit: number): void {
    if (changes.length === 0) return;
    this.total += 1;
    if (this.first.length < limit) {
      this.first.push({ identity, changes: changes.slice(0, limit), count: changes.length });
    }
  }
}

function takesAway({ kind }: ImpactChange): boolean {
  return kind === 'loses' || kind === 'narrowed';
}

function noCounts(): Counts {
  return { loses: 0, narrowed: 0, gains: 0, widened: 0 };
}

function ruleImpact([ruleId, { counts, clients }]: [string | null, RuleTally]): RuleImpact {
  return { ruleId, counts, clients };
}

function byWeight(a: RuleImpact, b: RuleImpact): number {
  const taken = ({ loses, narrowed }: ImpactCounts) => loses + narrowed;
  return taken(b.counts) - taken(a.counts) || b.clients - a.clients;
}
