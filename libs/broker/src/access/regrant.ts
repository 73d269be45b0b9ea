import type { Grants } from '@perch/policy';
import type { Session } from '../session.js';
import type { Subscription } from '../subscription.js';

/** A subscription that a change of the policy took away. */
export interface LostSubscription {
  readonly clientId: string;
  readonly filter: string;
  /** The rule that refuses it now, or null for the default. */
  readonly ruleId: string | null;
}

/** What a change of grants means for one session. */
export interface Regrant {
  readonly lost: readonly { readonly subscription: Subscription; readonly ruleId: string | null }[];
  /** Subscriptions that stay, with other exclusions than before. */
  readonly narrowed: readonly Subscription[];
}

/** Puts the session under new grants and judges each of its subscriptions again. Removes nothing by itself. */
export function regrant(session: Session, grants: Grants): Regrant {
  session.grants = grants;
  const lost: { subscription: Subscription; ruleId: string | null }[] = [];
  const narrowed: Subscription[] = [];
  for (const subscription of session.subscriptions.values()) {
    const verdict = grants.subscribe(subscription.filter);
    if (!verdict.allowed) {
      lost.push({ subscription, ruleId: verdict.ruleId });
      continue;
    }
    subscription.ruleId = verdict.ruleId;
    if (sameFilters(subscription.exclusions ?? [], verdict.exclusions)) continue;
    subscription.exclusions = verdict.exclusions.length > 0 ? verdict.exclusions : null;
    narrowed.push(subscription);
  }
  return { lost, narrowed };
}

function sameFilters(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((filter, i) => filter === b[i]);
}
