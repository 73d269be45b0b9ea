import { type CompiledPolicy, compilePolicy } from './compile-policy.js';
import { diffPolicies, type PolicyDiff } from './diff-policies.js';
import { topicOutside } from './example-topic.js';
import { splitSharedFilter } from './filter.js';
import type { ImpactChange, ImpactClient, ImpactSubject } from './impact-change.js';
import { intersection, spellOut } from './levels.js';
import type { Policy, Rule } from './rule.js';
import type { Grants, SubscribeVerdict, Verdict } from './verdict.js';

/** Judges clients by two policies, and only what a difference between them speaks of. */
export class ImpactJudge {
  private readonly saved: CompiledPolicy;
  private readonly draft: CompiledPolicy;
  private readonly nowMs: number;
  private readonly touchedIds: ReadonlySet<string>;
  /** Refuses whatever a changed rule speaks of; null where everything has to be judged. */
  private readonly touched: CompiledPolicy | null;

  constructor({ saved, draft, nowMs }: { saved: Policy; draft: Policy; nowMs: number }) {
    const diff = diffPolicies(saved, draft);
    this.saved = compilePolicy(saved);
    this.draft = compilePolicy(draft);
    this.nowMs = nowMs;
    this.touchedIds = new Set(diff.rules.map(({ rule }) => rule.id));
    this.touched = diff.settings.length > 0 ? null : compilePolicy(touchPolicy(diff));
  }

  /** What changes for this client; nothing for most. */
  changesOf(client: ImpactClient): ImpactChange[] {
    const { identity, own } = client;
    const touched = this.touched?.grantsFor(identity, this.nowMs) ?? null;
    let pair: GrantsPair | null = null;
    const grants = () =>
      (pair ??= {
        before: this.saved.grantsFor(identity, this.nowMs, own),
        after: this.draft.grantsFor(identity, this.nowMs, own),
      });
    const changes: ImpactChange[] = [];
    for (const filter of client.subscriptions) {
      if (touched === null || !touched.subscribe(filter).allowed) this.addSubscription(changes, filter, grants());
    }
    const publish = (subject: 'will' | 'publish', topic: string) => {
      if (touched === null || !touched.publish(topic).allowed) this.addPublish(changes, { subject, topic }, grants());
    };
    if (client.will !== null) publish('will', client.will);
    for (const topic of client.published) publish('publish', topic);
    return changes;
  }

  private addPublish(
    changes: ImpactChange[],
    what: { subject: ImpactSubject; topic: string },
    grants: GrantsPair,
  ): void {
    const before = grants.before.publish(what.topic);
    const after = grants.after.publish(what.topic);
    if (before.allowed !== after.allowed) changes.push(this.turned(what, before, after));
  }

  private addSubscription(changes: ImpactChange[], topic: string, grants: GrantsPair): void {
    const before = grants.before.subscribe(topic);
    const after = grants.after.subscribe(topic);
    const what = { subject: 'subscription', topic } as const;
    if (before.allowed !== after.allowed) changes.push(this.turned(what, before, after));
    else if (after.allowed && (before.exclusions.length > 0 || after.exclusions.length > 0)) {
      changes.push(...this.cutAnew(topic, before, after));
    }
  }

  private turned(
    { subject, topic }: { subject: ImpactSubject; topic: string },
    before: Verdict,
    after: Verdict,
  ): ImpactChange {
    const kind = after.allowed ? 'gains' : 'loses';
    const [from, to] = [before.ruleId, after.ruleId];
    const cause = this.causeAmong([to, from]);
    return { subject, kind, topic, before: from, after: to, cause, excluded: [], readmitted: [] };
  }

  private cutAnew(topic: string, before: SubscribeVerdict, after: SubscribeVerdict): ImpactChange[] {
    const wanted = splitSharedFilter(topic)?.filter ?? topic;
    const added = newCuts(wanted, after, before);
    const removed = newCuts(wanted, before, after);
    if (added.length === 0 && removed.length === 0) return [];
    const [from, to] = [before.ruleId, after.ruleId];
    return [
      {
        ...{ subject: 'subscription', kind: added.length > 0 ? 'narrowed' : 'widened', topic, before: from, after: to },
        cause: this.causeAmong([...[...added, ...removed].map(({ ruleId }) => ruleId), to, from]),
        excluded: added.map(({ filter }) => filter),
        readmitted: removed.map(({ filter }) => filter),
      },
    ];
  }

  private causeAmong(ids: readonly (string | null)[]): string | null {
    return ids.find((id) => id !== null && this.touchedIds.has(id)) ?? null;
  }
}

interface GrantsPair {
  readonly before: Grants;
  readonly after: Grants;
}

interface Cut {
  readonly filter: string;
  readonly ruleId: string;
}

/** The exclusions of one verdict on this filter that cut out what none of the other does. */
function newCuts(wanted: string, of: SubscribeVerdict, other: SubscribeVerdict): Cut[] {
  const others = other.exclusions.map(spellOut);
  return of.exclusions.flatMap((filter, index) => {
    const cut = intersection(spellOut(filter), spellOut(wanted));
    const isOld = cut === null || topicOutside(cut, others) === null;
    return isOld ? [] : [{ filter, ruleId: of.excludedBy[index] ?? '' }];
  });
}

/**
 * Both forms of each rule that was added, removed, changed or moved, as denies that refuse whatever overlaps them. What
 * none of them speaks of is decided by the same rules in the same order before and after. A deny rather than an allow,
 * because it keeps those of its filters that a client has values for.
 */
function touchPolicy({ rules }: PolicyDiff): Policy {
  const forms = rules.flatMap((change): Rule[] =>
    change.kind === 'changed' ? [change.before, change.rule] : [change.rule],
  );
  const inForce = forms.filter(({ enabled, mode }) => enabled && mode === 'enforce');
  return {
    rules: inForce.map((rule) => ({ ...rule, effect: 'deny' })),
    settings: { noMatch: 'allow', wildcardOverlap: 'reject' },
  };
}
