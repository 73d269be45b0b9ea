import { isValidTopic, type Decider } from '@perch/policy';
import type { Question } from './access/answers.js';
import { NOT_ASKED } from './access/asked-grants.js';
import type { RuleHits, Tally } from './access/rule-hits.js';
import type { Limits } from './limits.js';
import type { KnownTopic, Publisher } from './receipt.js';
import type { Refusal } from './refusal.js';
import { isTooLong } from './topic-bounds.js';
import { Match, type MatchCache } from './topics/match-cache.js';

/** Why a publisher may not publish to a topic. */
export interface NoRoute {
  readonly refusal: Refusal;
  /** The rule that refused, or null. */
  readonly ruleId: string | null;
  /** What decided, or null where access control did not. */
  readonly by: Decider | null;
  /** What an authorizer has to be asked before it is known; left out or null: nothing. */
  readonly question?: Question | null;
}

/** Judges what is published, and finds out who gets it. A publisher that stays with its topic is not judged again. */
export class Router {
  constructor(
    private readonly matches: MatchCache,
    private readonly limits: Limits,
    private readonly hits: RuleHits,
  ) {}

  /** Who gets what this publisher sends to the topic, or why nobody does. */
  find(publisher: Publisher, topic: string, known: KnownTopic | null): Match | NoRoute {
    const { route } = publisher;
    if (
      route &&
      route.match.topic === topic &&
      route.grants === publisher.grants &&
      this.matches.isCurrent(route.match)
    ) {
      route.tally.hits++;
      return route.match;
    }
    return this.judge(publisher, topic, known);
  }

  private judge(publisher: Publisher, topic: string, known: KnownTopic | null): Match | NoRoute {
    const { grants } = publisher;
    const former = known === null ? null : known.match;
    if (former === null && (!isValidTopic(topic) || isTooLong(topic, this.limits)))
      return { refusal: 'invalid-topic', ruleId: null, by: null };
    const verdict = grants.publish(topic, known);
    const tally = this.hits.of(verdict);
    tally.hits++;
    if (!verdict.allowed) {
      const question = verdict === NOT_ASKED ? ({ action: 'publish', topic } as const) : null;
      return { refusal: 'not-authorized', ruleId: verdict.ruleId, by: verdict.by, question };
    }
    const match = former !== null && this.matches.isCurrent(former) ? former : this.matches.match(topic);
    if (known !== null) known.match = match;
    this.remember(publisher, match, tally);
    return match;
  }

  /** In place of where it published last: no garbage where it goes from topic to topic. */
  private remember(publisher: Publisher, match: Match, tally: Tally): void {
    const { grants, route } = publisher;
    if (!route) publisher.route = { grants, match, tally };
    else {
      route.grants = grants;
      route.match = match;
      route.tally = tally;
    }
  }
}
