import type { Verdict } from './verdict.js';

const LIMIT = 32;
const TOPIC_LENGTH = 128;

/** The last verdicts about what one client published: most clients publish to few topics. Never grows beyond its bounds. */
export class RecentVerdicts {
  private readonly verdicts = new Map<string, Verdict>();

  get size(): number {
    return this.verdicts.size;
  }

  get(topic: string): Verdict | undefined {
    return this.verdicts.get(topic);
  }

  remember(topic: string, verdict: Verdict): void {
    if (topic.length > TOPIC_LENGTH) return;
    if (this.verdicts.size >= LIMIT) this.verdicts.clear();
    this.verdicts.set(topic, verdict);
  }
}
