import { movedIds } from './rising-run.js';
import type { Rule } from './rule.js';
import { isSameRule } from './rule-fields.js';

/** A revision as far as blame needs it. */
export interface BlamedRevision {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly rules: readonly Rule[];
}

/** The revision behind a change, without its rules. */
export type RuleOrigin = Omit<BlamedRevision, 'rules'>;

/** Where a rule comes from. Null: before the oldest revision that was looked at. */
export interface RuleBlame {
  readonly ruleId: string;
  /** Since when it is there without a break. */
  readonly created: RuleOrigin | null;
  /** When what it says, or its place among the others, last changed; the creation where neither ever did. */
  readonly changed: RuleOrigin | null;
}

/** Who made each rule of the newest revision. `revisions`, newest first and without gaps, are read only as far as needed. */
export function blameRules(revisions: Iterable<BlamedRevision>): RuleBlame[] {
  let search: BlameSearch | null = null;
  for (const revision of revisions) {
    if (search === null) search = new BlameSearch(revision);
    else search.goBackTo(revision);
    if (search.isDone) break;
  }
  return search?.result() ?? [];
}

/** The same step by step, for who loads one revision after the other. */
export class BlameSearch {
  private older: BlamedRevision;
  private readonly created = new Map<string, RuleOrigin>();
  private readonly changed = new Map<string, RuleOrigin>();
  /** Whose creation was not found yet. */
  private readonly open: Set<string>;

  constructor(private readonly newest: BlamedRevision) {
    this.older = newest;
    this.open = new Set(newest.rules.map(({ id }) => id));
    this.closeIfFirst();
  }

  /** True once no older revision can tell more. */
  get isDone(): boolean {
    return this.open.size === 0;
  }

  /** Looks at the revision before the last one that was looked at. */
  goBackTo(revision: BlamedRevision): void {
    const origin = originOf(this.older);
    const before = new Map(revision.rules.map((rule) => [rule.id, rule]));
    const moved = movedIds(revision.rules, this.older.rules);
    for (const rule of this.older.rules) {
      if (!this.open.has(rule.id)) continue;
      const was = before.get(rule.id);
      if (was === undefined) this.create(rule.id, origin);
      else if (!this.changed.has(rule.id) && (moved.has(rule.id) || !isSameRule(rule, was))) {
        this.changed.set(rule.id, origin);
      }
    }
    this.older = revision;
    this.closeIfFirst();
  }

  /** What is known so far, in the order of the newest revision. */
  result(): RuleBlame[] {
    return this.newest.rules.map(({ id }) => {
      const created = this.created.get(id) ?? null;
      return { ruleId: id, created, changed: this.changed.get(id) ?? created };
    });
  }

  private create(id: string, origin: RuleOrigin): void {
    this.created.set(id, origin);
    this.open.delete(id);
  }

  /** Nothing comes before the first revision. */
  private closeIfFirst(): void {
    if (this.older.revision > 1) return;
    for (const id of [...this.open]) this.create(id, originOf(this.older));
  }
}

function originOf({ revision, author, message, createdAt }: BlamedRevision): RuleOrigin {
  return { revision, author, message, createdAt };
}
