import type { Verdict } from './verdict.js';

const PLACES = 32;
const TOPIC_LENGTH = 128;

/**
 * The last verdicts about what one client published: most clients publish to few topics. Each topic has one place where
 * it may be, so that looking and remembering cost next to nothing where topics never come again.
 */
export class RecentVerdicts {
  private readonly topics: string[] = new Array<string>(PLACES).fill('');
  private readonly verdicts: Verdict[] = [];

  get(topic: string): Verdict | undefined {
    const place = placeOf(topic);
    return this.topics[place] === topic ? this.verdicts[place] : undefined;
  }

  /** The topics that it remembers and that were allowed. */
  allowed(): string[] {
    return this.topics.filter((_, place) => this.verdicts[place]?.allowed === true);
  }

  /** In place of what was there. */
  remember(topic: string, verdict: Verdict): void {
    if (topic.length > TOPIC_LENGTH) return;
    const place = placeOf(topic);
    this.topics[place] = topic;
    this.verdicts[place] = verdict;
  }
}

/** Topics of one client differ at their end, or by a number in the middle. */
function placeOf(topic: string): number {
  const { length } = topic;
  const last = topic.charCodeAt(length - 1);
  const middle = topic.charCodeAt(length >> 1);
  return (last + 7 * topic.charCodeAt(length - 2) + 11 * middle + length) & (PLACES - 1);
}
