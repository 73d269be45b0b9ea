import { isValidTopic } from '@perch/policy';
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
}

/** Judges what is published, and finds out who gets it. A publisher that stays with its topic is not judged again. */
export class Router {
  constructor(
    private readonly matches: MatchCache,
    private readonly limits: Limits,
  ) {}

  /** Who gets what this publisher sends to the topic, or why nobody does. */
  find(publisher: Publisher, topic: string, known: KnownTopic | null): Match | NoRoute {
    const { route } = publisher;
    if (
      route &&
      route.match.topic === topic &&
      route.grants === publisher.grants &&
      this.matches.isCurrent(route.match)
    )
      return route.match;
    return this.judge(publisher, topic, known);
  }

  private judge(publisher: Publisher, topic: string, known: KnownTopic | null): Match | NoRoute {
    const { grants } = publisher;
    const former = known === null ? null : known.match;
    if (former === null && (!isValidTopic(topic) || isTooLong(topic, this.limits)))
      return { refusal: 'invalid-topic', ruleId: null };
    const { allowed, ruleId } = grants.publish(topic);
    if (!allowed) return { refusal: 'not-authorized', ruleId };
    const match = former !== null && this.matches.isCurrent(former) ? former : this.matches.match(topic);
    if (known !== null) known.match = match;
    publisher.route = { grants, match };
    return match;
  }
}
