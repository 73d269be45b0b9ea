import { setTimeout as delay } from 'node:timers/promises';
import type { Player, Stage } from './player.js';
import type { Random } from './random.js';
import { StrictLink } from './strict-link.js';
import { StrictSession, type SessionOptions, type Subscription } from './strict-session.js';

/** What an actor publishes. */
export interface Output {
  readonly topics: readonly string[];
  readonly perSecond: number;
}

/** Who an actor is. */
export interface Part extends SessionOptions {
  readonly life: 'steady' | 'mostly-offline' | 'flapping' | 'takeover';
  readonly subscriptions: readonly Subscription[];
  /** Some of its subscriptions come and go. */
  readonly isFickle: boolean;
  /** Now and then it begins a new session. */
  readonly isForgetful: boolean;
  readonly output: Output | null;
  readonly slownessMs: number;
}

const LET_IN_TIMEOUT_MS = 30_000;
const SLICE_MS = 100;
const PING_MS = 20_000;
const LARGE_BYTES = 100_000;

const onlineMs = { steady: [4000, 30_000], 'mostly-offline': [300, 2500], flapping: [50, 1500], takeover: [200, 4000] };
const offlineMs = { steady: [0, 500], 'mostly-offline': [4000, 15_000], flapping: [0, 1000], takeover: [0, 0] };

/** Plays one device from its first connection to its last, as its part and its share of chance have it. */
export class Actor implements Player {
  readonly done: Promise<void>;
  private readonly session: StrictSession;
  private hasLeft = false;

  constructor(
    private readonly part: Part,
    private readonly stage: Stage,
    private readonly random: Random,
  ) {
    this.session = new StrictSession(part, stage.ledger, stage.journal);
    for (const subscription of part.subscriptions) this.session.want(subscription);
    this.done = this.live();
  }

  get name(): string {
    return this.part.clientId;
  }

  get isReady(): boolean {
    return this.session.isOnline && this.session.isSubscribed;
  }

  get isIdle(): boolean {
    return this.isReady && this.session.isIdle;
  }

  private async live(): Promise<void> {
    while (!this.hasLeft) {
      const isLast = this.stage.act === 'leave';
      if (isLast) this.session.leaveForGood();
      const link = await this.arrive();
      if (!link) continue;
      if (isLast || this.session.isPassing) {
        this.hasLeft = isLast;
        link.goodbye();
        await link.closed;
        continue;
      }
      await this.stay(link);
      await this.depart(link);
    }
  }

  /** One attempt to come online. */
  private async arrive(): Promise<StrictLink | null> {
    const { random, stage, part } = this;
    const isPlay = stage.act === 'play';
    const link = new StrictLink(
      this.session,
      {
        port: stage.port,
        credentials: stage.credentials,
        random,
        cutProbability: isPlay ? stage.cutProbability : 0,
        slownessMs: isPlay ? part.slownessMs : 0,
      },
      stage.journal,
    );
    const patience = new AbortController();
    await Promise.race([
      link.letIn,
      link.closed,
      delay(LET_IN_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    if (link.isOpen && this.session.isOnline) return link;
    link.cut('was not let in');
    await delay(random.between(50, 300));
    return null;
  }

  private async stay(link: StrictLink): Promise<void> {
    const { stage, random, session, part } = this;
    const began = stage.act;
    const [from = 0, to = 0] = onlineMs[part.life];
    const until = performance.now() + random.between(from, to);
    let quietSince = performance.now();
    while (link.isOpen && (stage.act !== 'play' || performance.now() < until)) {
      if (stage.act === 'leave' || (stage.act === 'drain' && began === 'play')) return;
      if (stage.act === 'play') this.act(link);
      else if (performance.now() - quietSince > PING_MS) {
        link.send({ cmd: 'pingreq' });
        quietSince = performance.now();
      }
      link.send(...session.changeSubscriptions());
      await delay(random.between(10, stage.act === 'play' ? 60 : SLICE_MS));
    }
  }

  /** A moment of play. */
  private act(link: StrictLink): void {
    const { random, part, session } = this;
    if (part.isFickle && session.isSubscribed && random.chance(0.01)) this.changeMind();
    if (!part.output) return;
    const { perSecond, topics } = part.output;
    // A turn takes 35 ms on average; what cannot be sent in time piles up into a burst.
    for (let count = random.next() * perSecond * 0.07; count > 0; count--) {
      if (!random.chance(Math.min(1, count)) || !session.mayPublish) return;
      this.publish(link, random.pick(topics));
    }
  }

  private publish(link: StrictLink, topic: string): void {
    const { random, part, stage } = this;
    const qos = random.pick([0, 1, 1, 1, 1, 2, 2, 2, 2, 2] as const);
    const bytes = random.chance(0.02) ? LARGE_BYTES : random.between(32, random.pick([64, 64, 300, 2000]));
    const hasProperties = part.version === 5;
    const lifetime = hasProperties && random.chance(0.1) ? random.between(1, 5) : null;
    const message = stage.ledger.publishing({ publisher: part.clientId, topic, qos, hasProperties, lifetime });
    link.send(this.session.publish({ message, bytes }));
  }

  private changeMind(): void {
    const subscription = this.random.pick(this.part.subscriptions);
    if (this.session.wants(subscription.filter)) this.session.unwant(subscription.filter);
    else this.session.want(subscription);
  }

  private async depart(link: StrictLink): Promise<void> {
    const { random, stage, part, session } = this;
    if (stage.act !== 'play') {
      link.goodbye();
      return;
    }
    if (part.isForgetful && random.chance(0.2)) session.startAnew();
    if (part.life === 'takeover') return link.abandon();
    if (random.chance(0.4)) link.goodbye();
    else link.cut('power fails');
    const [from = 0, to = 0] = offlineMs[part.life];
    const until = performance.now() + random.between(from, to);
    while (performance.now() < until && stage.act === 'play') await delay(SLICE_MS);
  }
}
