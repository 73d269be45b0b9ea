import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { RefusalLog } from './refusal-log.js';

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Forgets refusals that are older than the setting says: at the start, and then every ten minutes. */
@Injectable()
export class RefusalRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('broker');
  private stop: StopTimer | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly refusals: RefusalLog,
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
    const before = this.broker.clock.now() - this.config.refusalRetentionDays * DAY_MS;
    this.running ??= this.refusals
      .purge(before)
      .catch((error: unknown) => this.logger.warn(`Old refusals were not removed: ${String(error)}`))
      .then(() => {
        this.running = null;
      });
  }
}
