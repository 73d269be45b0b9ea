import type { Decider, Grants, JudgedTopic } from '@perch/policy';
import type { Question } from './access/answers.js';
import type { Tally } from './access/rule-hits.js';
import type { Strain } from './back-pressure.js';
import type { Copies } from './copies.js';
import type { Refusal } from './refusal.js';
import type { Match } from './topics/match-cache.js';

/** Who publishes, and under which rights. A session is one. */
export interface Publisher {
  readonly clientId: string;
  readonly grants: Grants;
  /** Where it published last, or null. */
  route?: Route | null;
}

/** A topic that a publisher may publish to, and who gets it there. */
export interface Route {
  /** What said that it may. */
  grants: Grants;
  match: Match;
  /** Where the rule that says so counts its messages. */
  tally: Tally;
}

/** A topic that is remembered, whoever publishes to it. */
export interface KnownTopic extends JudgedTopic {
  /** Who got the last message there; null while nobody has published to it. */
  match: Match | null;
}

/** What came of a publish. One object per broker: read it before you publish again. */
export interface Receipt {
  refusal: Refusal | null;
  /** The rule that refused, or null. */
  ruleId: string | null;
  /** What refused, or null where access control did not. */
  by: Decider | null;
  /** With a refusal: what an authorizer has to be asked before it is known, or null. Then publish it again. */
  question: Question | null;
  /** How many sessions were sent it or have it queued. */
  delivered: number;
  /** Resolves when what must survive a crash is committed; null when nothing must. */
  durable: Promise<void> | null;
  /** What durable sessions are owed, when nothing else is waited for: may be safe before it is committed. */
  copies: Copies | null;
  /** Who holds the publisher back: nobody that it sends to keeps up. Null when it may go on. */
  strains: readonly Strain[] | null;
}

/** One that says nothing yet. */
export function newReceipt(): Receipt {
  return {
    refusal: null,
    ruleId: null,
    by: null,
    question: null,
    delivered: 0,
    durable: null,
    copies: null,
    strains: null,
  };
}

/** Resolves when both have; null when there is nothing to wait for. */
export function allOf(a: Promise<void> | null, b: Promise<void> | null): Promise<void> | null {
  if (a === null || a === b) return b;
  return b === null ? a : Promise.all([a, b]).then(() => undefined);
}
