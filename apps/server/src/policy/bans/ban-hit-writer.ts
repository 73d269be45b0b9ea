import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BanHits } from './ban-hits.js';
import { BansStore } from './bans.store.js';

const WRITE_EVERY_MS = 5_000;

/** Writes every few seconds whom bans kept out. */
@Injectable()
export class BanHitWriter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('bans');
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly hits: BanHits,
    private readonly store: BansStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), WRITE_EVERY_MS).unref();
  }

  /** Writes what is left. */
  onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    return this.write();
  }

  private look(): void {
    this.write().catch((error: unknown) => this.logger.error(String(error)));
  }

  private write(): Promise<void> {
    const hits = this.hits.take();
    if (hits.size === 0) return Promise.resolve();
    return this.store.addHits(hits).catch((error: unknown) => {
      // Counted on in memory: as many as there are bans, so it grows with nothing.
      this.hits.giveBack(hits);
      this.logger.debug(`The hits of bans were not written: ${String(error)}`);
    });
  }
}
