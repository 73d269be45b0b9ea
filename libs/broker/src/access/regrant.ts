import type { Decider, Grants, SubscribeVerdict } from '@perch/policy';
import type { Session } from '../session.js';
import type { Subscription } from '../subscription.js';
import { NOT_ASKED } from './asked-grants.js';
import type { Touch } from './policy-change.js';

/** What a change of rights took from a client: a subscription, topics of one that stays, or its will. */
export interface Loss {
  readonly clientId: string;
  readonly username: string | null;
  readonly kind: 'subscription' | 'narrowed' | 'will';
  /** The filter of the subscription as it was asked for, or the topic of the will. */
  readonly topic: string;
  /** The rule that refuses it now, or null for the default. */
  readonly ruleId: string | null;
  readonly by: Decider;
}

/** What a change of grants means for one session. */
export interface Regrant {
  readonly losses: readonly Loss[];
  readonly lost: readonly Subscription[];
  /** Subscriptions that stay, with other exclusions than before. */
  readonly changed: readonly Subscription[];
  /** The will may not be published any more. */
  readonly losesWill: boolean;
}

const NOTHING: Regrant = { losses: [], lost: [], changed: [], losesWill: false };

/**
 * Puts the session under new grants and judges again what the change can touch: its subscriptions and its will. Removes
 * nothing by itself.
 */
export function regrant(session: Session, grants: Grants, touch: Pick<Touch, 'publish' | 'subscribe'>): Regrant {
  session.putUnder(grants);
  const { will } = session;
  if (!will && session.subscriptions.size === 0) return NOTHING;
  const { losses, lost, changed } = regrantSubscriptions(session, touch);
  if (!will || !touch.publish(will.topic)) return { losses, lost, changed, losesWill: false };
  const verdict = grants.publish(will.topic);
  const losesWill = !verdict.allowed && verdict !== NOT_ASKED; // it is asked about when it is sent
  const { ruleId, by } = verdict;
  if (losesWill) losses.push(lossOf(session, 'will', { topic: will.topic, ruleId, by }));
  return { losses, lost, changed, losesWill };
}

function regrantSubscriptions(session: Session, touch: Pick<Touch, 'publish' | 'subscribe'>) {
  const losses: Loss[] = [];
  const lost: Subscription[] = [];
  const changed: Subscription[] = [];
  for (const subscription of session.subscriptions.values()) {
    const { filter: topic, exclusions } = subscription;
    if (!touch.subscribe(topic)) continue;
    const verdict = session.grants.subscribe(topic);
    // What is sent through it is judged when its client is there, and the authorizer has been asked.
    if (verdict === NOT_ASKED && !session.isOnline) continue;
    if (!verdict.allowed) {
      lost.push(subscription);
      losses.push(lossOf(session, 'subscription', { topic, ruleId: verdict.ruleId, by: verdict.by }));
      continue;
    }
    subscription.ruleId = verdict.ruleId;
    if (sameFilters(exclusions ?? [], verdict.exclusions)) continue;
    subscription.exclusions = verdict.exclusions.length > 0 ? verdict.exclusions : null;
    changed.push(subscription);
    const ruleId = firstAdded(exclusions ?? [], verdict);
    if (ruleId !== undefined) losses.push(lossOf(session, 'narrowed', { topic, ruleId, by: 'rule' }));
  }
  return { losses, lost, changed };
}

function lossOf({ identity }: Session, kind: Loss['kind'], what: Pick<Loss, 'topic' | 'ruleId' | 'by'>): Loss {
  return { clientId: identity.clientId, username: identity.username, kind, ...what };
}

/** The rule behind the first exclusion that was not there before; undefined where there is none. */
function firstAdded(before: readonly string[], { exclusions, excludedBy }: SubscribeVerdict): string | undefined {
  return excludedBy[exclusions.findIndex((filter) => !before.includes(filter))];
}

function sameFilters(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((filter, i) => filter === b[i]);
}
