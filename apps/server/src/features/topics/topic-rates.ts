import type { Broker } from '@perch/broker';
import { isValidTopic } from '@perch/policy';

/** A shorter stretch says little, and two who ask in turn must not spoil each other's answers. */
const SHORTEST_MS = 1_000;
/** Who has not been asked about for so long is not counted for any more. */
const KEPT_MS = 10_000;

/** What is known of a topic that somebody asks about. */
interface Reading {
  readonly count: number;
  readonly readAt: number;
  readonly rate: number | null;
  askedAt: number;
}

/** How many messages a second are published to the topics that somebody keeps asking about. */
export class TopicRates {
  /** By topic; who was asked about last stands last. */
  private readonly readings = new Map<string, Reading>();

  /** `now` never jumps. */
  constructor(
    private readonly counts: Broker['matches']['counts'],
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Of each topic; null where it is not known, and always the first time. */
  of(topics: readonly string[]): (number | null)[] {
    const now = this.now();
    this.forgetUntil(now - KEPT_MS);
    return topics.map((topic) => this.rateOf(topic, now));
  }

  private rateOf(topic: string, now: number): number | null {
    const last = this.readings.get(topic);
    if (!last && !(isCounted(topic) && this.counts.watch(topic))) return null;
    const reading = last && now - last.readAt < SHORTEST_MS ? last : this.read(topic, last, now);
    reading.askedAt = now;
    this.readings.delete(topic);
    this.readings.set(topic, reading);
    return reading.rate;
  }

  private read(topic: string, last: Reading | undefined, now: number): Reading {
    const count = this.counts.of(topic) ?? 0;
    // Counts have 32 bits, so their difference does too.
    const rate = last ? (((count - last.count) | 0) * 1000) / (now - last.readAt) : null;
    return { count, readAt: now, rate, askedAt: now };
  }

  private forgetUntil(end: number): void {
    for (const [topic, { askedAt }] of this.readings) {
      if (askedAt > end) return;
      this.readings.delete(topic);
      this.counts.unwatch(topic);
    }
  }
}

/** What the broker says under `$SYS` goes its own way, and nothing is published to a filter. */
function isCounted(topic: string): boolean {
  return isValidTopic(topic) && !topic.startsWith('$SYS/');
}
