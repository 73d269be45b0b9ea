import type { Verdict } from './verdict.js';

const PLACES = 32;
const TOPIC_LENGTH = 128;
/** A small integer in any engine: where the count begins anew, the order is wrong for a moment. */
const MOST_USES = 0x3fff_ffff;

interface Recent {
  topic: string;
  verdict: Verdict;
  /** Rises with each use. */
  usedAt: number;
}

/**
 * The last verdicts about what one client published: most clients publish to few topics. Each topic has one place where
 * it may be, so that looking and remembering cost next to nothing where topics never come again.
 */
export class RecentVerdicts {
  private readonly places: (Recent | null)[] = new Array<Recent | null>(PLACES).fill(null);
  private uses = 0;

  get(topic: string): Verdict | undefined {
    const recent = this.places[placeOf(topic)];
    if (!recent || recent.topic !== topic) return undefined;
    recent.usedAt = this.nextUse();
    return recent.verdict;
  }

  /** The topics that it remembers and that were allowed, those used last first. */
  allowed(): string[] {
    const allowed = this.places.filter((recent) => recent !== null && recent.verdict.allowed) as Recent[];
    return allowed.sort((a, b) => b.usedAt - a.usedAt).map(({ topic }) => topic);
  }

  /** In place of what was there. */
  remember(topic: string, verdict: Verdict): void {
    if (topic.length > TOPIC_LENGTH) return;
    const place = placeOf(topic);
    const usedAt = this.nextUse();
    const recent = this.places[place];
    if (!recent) {
      this.places[place] = { topic, verdict, usedAt };
      return;
    }
    recent.topic = topic;
    recent.verdict = verdict;
    recent.usedAt = usedAt;
  }

  private nextUse(): number {
    return (this.uses = (this.uses + 1) & MOST_USES);
  }
}

/** Topics of one client differ at their end, or by a number in the middle. */
function placeOf(topic: string): number {
  const { length } = topic;
  const last = topic.charCodeAt(length - 1);
  const middle = topic.charCodeAt(length >> 1);
  return (last + 7 * topic.charCodeAt(length - 2) + 11 * middle + length) & (PLACES - 1);
}
