import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { RuleHits } from '../rule-hits/rule-hits.js';
import { TimelineRecorder } from '../timeline/timeline-recorder.js';
import { RefusalLog } from './refusal-log.js';

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** How long hits of rules are kept: a month, and a little more so that it is a whole one. */
const HITS_DAYS = 35;

/** Forgets old refusals, hits of rules and events of clients: at the start, and then every ten minutes. */
@Injectable()
export class AccessRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('broker');
  private stop: StopTimer | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly refusals: RefusalLog,
    private readonly hits: RuleHits,
    private readonly timeline: TimelineRecorder,
    @InjectConfig() private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.forget();
    this.stop = this.broker.clock.every(EVERY_MS, () => this.forget());
  }

  async onModuleDestroy(): Promise<void> {
    this.stop?.();
    await this.running;
  }

  private forget(): void {
    this.running ??= this.purge()
      .catch((error: unknown) => this.logger.warn(`Old refusals, hits and events were not removed: ${String(error)}`))
      .then(() => {
        this.running = null;
      });
  }

  private async purge(): Promise<void> {
    const now = this.broker.clock.now();
    await this.refusals.purge(now - this.config.refusalRetentionDays * DAY_MS);
    await this.hits.purge(now - HITS_DAYS * DAY_MS);
    await this.timeline.purge(now - this.config.timelineRetentionDays * DAY_MS);
  }
}
