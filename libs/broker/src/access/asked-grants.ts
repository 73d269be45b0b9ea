import {
  filterMatches,
  splitSharedFilter,
  type Grants,
  type JudgedTopic,
  type SubscribeVerdict,
  type Verdict,
} from '@perch/policy';
import type { Answers } from './answers.js';

const NONE: readonly string[] = [];
const GRANTED: SubscribeVerdict = { allowed: true, ruleId: null, by: 'default', exclusions: NONE, excludedBy: NONE };
const RECENT_TOPICS = 32;

/** Not allowed as it stands: the authorizer has to be asked first. */
export const NOT_ASKED: SubscribeVerdict = { ...GRANTED, allowed: false };

/** What a client may do by the rules and, where these have nothing to say, by what an authorizer has said. */
export class AskedGrants implements Grants {
  private openGrants: Grants | null = null;

  constructor(
    private readonly ruled: Grants,
    /** Makes its grants by the same rules where what no rule says is allowed. */
    private readonly makeOpen: () => Grants,
    readonly answers: Answers,
  ) {}

  get identity(): Grants['identity'] {
    return this.ruled.identity;
  }

  get validUntil(): number | null {
    return this.ruled.validUntil;
  }

  publish(topic: string, known: JudgedTopic | null = null): Verdict {
    const verdict = this.ruled.publish(topic, known);
    if (verdict.by !== 'default') return verdict;
    const answer = this.answers.get({ action: 'publish', topic });
    if (!answer) return NOT_ASKED;
    if (answer.allowed === null) return verdict;
    return answer.refused ?? GRANTED;
  }

  recentTopics(): readonly string[] {
    const asked = this.answers.current().filter(({ allowed, question }) => allowed && question.action === 'publish');
    const topics = [...this.ruled.recentTopics(), ...asked.toReversed().map(({ question }) => question.topic)];
    return [...new Set(topics)].slice(0, RECENT_TOPICS);
  }

  subscribe(filter: string): SubscribeVerdict {
    const verdict = this.ruled.subscribe(filter);
    if (verdict.by !== 'default') return verdict;
    const answer = this.answers.get({ action: 'subscribe', topic: plain(filter) });
    if (!answer) return NOT_ASKED;
    if (answer.allowed === null) return verdict;
    // What the rules deny stays denied, whatever wider filter is allowed.
    return answer.refused ?? this.open.subscribe(filter);
  }

  /** A message on the topic may be delivered: a rule says so, or the authorizer of a filter that matches it. */
  mayRead(topic: string): boolean {
    const verdict = this.ruled.subscribe(topic);
    if (verdict.by !== 'default') return verdict.allowed;
    return this.answers.current().some(({ allowed, question }) => {
      if (question.action !== 'subscribe' || !filterMatches(question.topic, topic)) return false;
      return allowed ?? verdict.allowed;
    });
  }

  private get open(): Grants {
    return (this.openGrants ??= this.makeOpen());
  }
}

/** A message on the topic may be delivered. */
export function mayRead(grants: Grants, topic: string): boolean {
  return grants instanceof AskedGrants ? grants.mayRead(topic) : grants.subscribe(topic).allowed;
}

/** The same for many messages: each topic is judged once. */
export function readableBy(grants: Grants): (topic: string) => boolean {
  const known = new Map<string, boolean>();
  return (topic) => {
    const isReadable = known.get(topic) ?? mayRead(grants, topic);
    known.set(topic, isReadable);
    return isReadable;
  };
}

/** What the authorizer is asked about a subscription. */
export function plain(filter: string): string {
  return splitSharedFilter(filter)?.filter ?? filter;
}
