import type { Broker, StopTimer } from '@perch/broker';
import { isValidTopic } from '@perch/policy';

/** A shorter stretch says little, and two who ask in turn must not spoil each other's answers. */
const SHORTEST_MS = 1_000;
/** Who has not been asked about for so long is not counted for any more. */
const KEPT_MS = 10_000;

/** Topics that are counted at a time; of others it is not known how many messages come. */
const MOST_COUNTED = 10_000;

/** A topic that somebody asks about. */
class Counted {
  private count = 0;
  private countedAtLast = 0;
  rate: number | null = null;
  askedAt: number;
  readonly stop: () => void;

  constructor(
    topic: string,
    broker: Pick<Broker, 'watch'>,
    private readAt: number,
  ) {
    this.askedAt = readAt;
    this.stop = broker.watch(topic, () => this.count++);
  }

  /** Takes a new rate, where there is enough to say. */
  read(now: number): void {
    this.askedAt = now;
    if (now - this.readAt < SHORTEST_MS) return;
    this.rate = ((this.count - this.countedAtLast) * 1000) / (now - this.readAt);
    this.countedAtLast = this.count;
    this.readAt = now;
  }
}

/**
 * How many messages a second are published to the topics that somebody keeps asking about. These are watched as by a tail,
 * and nothing is counted of any other: a message costs nothing for it where nobody looks.
 */
export class TopicRates {
  /** By topic; who was asked about last stands last. */
  private readonly counted = new Map<string, Counted>();
  private stopTimer: StopTimer | null = null;

  constructor(
    private readonly broker: Pick<Broker, 'watch' | 'clock'>,
    private readonly limit = MOST_COUNTED,
  ) {}

  /** Topics that are counted now. */
  get size(): number {
    return this.counted.size;
  }

  /** Of each topic; null where it is not known, and always the first time. */
  of(topics: readonly string[]): (number | null)[] {
    const now = this.broker.clock.uptime();
    this.forgetUntil(now - KEPT_MS);
    const rates = topics.map((topic) => this.rateOf(topic, now));
    this.forgetLater();
    return rates;
  }

  /** Counts for nobody any more. */
  close(): void {
    this.stopTimer?.();
    this.forgetUntil(Infinity);
  }

  private rateOf(topic: string, now: number): number | null {
    const counted = this.counted.get(topic) ?? this.begin(topic, now);
    if (!counted) return null;
    counted.read(now);
    this.counted.delete(topic);
    this.counted.set(topic, counted);
    return counted.rate;
  }

  private begin(topic: string, now: number): Counted | null {
    if (!isCounted(topic) || this.counted.size >= this.limit) return null;
    return new Counted(topic, this.broker, now);
  }

  /** Whoever looked may never ask again. */
  private forgetLater(): void {
    if (this.stopTimer || this.counted.size === 0) return;
    this.stopTimer = this.broker.clock.after(KEPT_MS, () => {
      this.stopTimer = null;
      this.forgetUntil(this.broker.clock.uptime() - KEPT_MS);
      this.forgetLater();
    });
  }

  private forgetUntil(end: number): void {
    for (const [topic, counted] of this.counted) {
      if (counted.askedAt > end) return;
      this.counted.delete(topic);
      counted.stop();
    }
  }
}

/** What the broker says under `$SYS` is its own, and nothing is published to a filter. */
function isCounted(topic: string): boolean {
  return isValidTopic(topic) && !topic.startsWith('$SYS/');
}
