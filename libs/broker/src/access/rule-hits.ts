import type { Verdict } from '@perch/policy';

/** How often a rule has decided since it was last asked. */
export interface Tally {
  hits: number;
}

/** What a rule did since hits were taken last. */
export interface RuleHit {
  readonly hits: number;
  /** When it last decided, in ms since the epoch, as exactly as hits are taken. */
  readonly lastAt: number;
}

/**
 * How often each rule of the policy decides: each message published, each subscription, will and excluded topic. Who
 * publishes holds on to the tally of the rule that lets it, so that a message costs an addition.
 */
export class RuleHits {
  private readonly tallies = new Map<string, Tally>();
  /** Of what no rule of the policy decided. */
  private readonly others: Tally = { hits: 0 };

  /** Where to count what is decided like this. */
  of({ ruleId, by }: Verdict): Tally {
    if (ruleId === null || by !== 'rule') return this.others;
    let tally = this.tallies.get(ruleId);
    if (!tally) this.tallies.set(ruleId, (tally = { hits: 0 }));
    return tally;
  }

  /** What was counted since the last call, by rule; rules without hits are left out. */
  take(now: number): Map<string, RuleHit> {
    const taken = new Map<string, RuleHit>();
    for (const [ruleId, tally] of this.tallies) {
      if (tally.hits > 0) taken.set(ruleId, { hits: tally.hits, lastAt: now });
      tally.hits = 0;
    }
    return taken;
  }

  /** Nobody counts for other rules than these any more, but what was counted is there to be taken. */
  keepOnly(ruleIds: ReadonlySet<string>): void {
    for (const [ruleId, { hits }] of this.tallies) {
      if (hits === 0 && !ruleIds.has(ruleId)) this.tallies.delete(ruleId);
    }
  }
}
