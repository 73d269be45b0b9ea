import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { Database } from '../../../database/database.js';
import { seriesKey } from '../catalogue/metric.js';
import { MetricCatalogue } from '../metric-catalogue.js';
import { COARSE_STEP_SECONDS, FINE_STEP_SECONDS, PostgresMetricStore } from './postgres-metric-store.js';
import { Rates } from './rates.js';
import { RecentSteps } from './recent-steps.js';
import { Rollup } from './rollup.js';
import type { StepValues } from './step-values.js';

const SAMPLE_EVERY_MS = 1_000;
const WRITE_EVERY_MS = 60_000;
const PURGE_EVERY_MS = 10 * 60_000;

/** As long as single seconds are kept. */
export const RECENT_SECONDS = 15 * 60;
/** Many more than there are; a bound for what labels might come to. */
const SERIES_LIMIT = 1_000;
/** Six hours of both steps: as long as the database may be away without a gap. */
const WAITING_LIMIT = 6 * 360 + 6 * 60;

/** Samples every metric once a second, and keeps what became of it: seconds in memory, longer steps in the database. */
@Injectable()
export class MetricHistory implements OnApplicationBootstrap, OnModuleDestroy {
  readonly recent = new RecentSteps(RECENT_SECONDS, SERIES_LIMIT);
  readonly store: PostgresMetricStore;
  private readonly logger = new Logger('metrics');
  private readonly rates = new Rates();
  private readonly rollups: readonly Rollup[];
  private readonly maxKeys = new Set<string>();
  private waiting: StepValues[] = [];
  private writing: Promise<boolean> = Promise.resolve(true);
  private stops: readonly StopTimer[] = [];
  private isOut = false;
  private sampledAtMs: number | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly catalogue: MetricCatalogue,
    { pool }: Database,
  ) {
    this.store = new PostgresMetricStore(pool);
    this.rollups = [FINE_STEP_SECONDS, COARSE_STEP_SECONDS].map((seconds) => new Rollup(seconds, this.isMax));
  }

  /** Whether the greatest value of a series stands for a step. */
  readonly isMax = (key: string): boolean => this.maxKeys.has(key);

  /** Until when everything that was sampled is known, steps too; in ms since the epoch. Null before the first sample. */
  get knownUntil(): number | null {
    const { newest } = this.recent;
    return newest === null ? null : newest * 1000;
  }

  onApplicationBootstrap(): void {
    const { clock } = this.broker;
    const purge = () => {
      this.store.purge(clock.now()).catch((error: unknown) => this.logger.debug(`Old steps stay: ${String(error)}`));
    };
    this.stops = [
      clock.every(SAMPLE_EVERY_MS, () => this.sample()),
      clock.every(WRITE_EVERY_MS, () => this.writeSoon()),
      clock.every(PURGE_EVERY_MS, purge),
    ];
    this.sample();
  }

  /** What was begun is kept, too: after a restart it goes on within the step. */
  async onModuleDestroy(): Promise<void> {
    for (const stop of this.stops) stop();
    for (const rollup of this.rollups) this.keep(rollup.end());
    await this.write();
  }

  /** Takes one second. */
  sample(): void {
    const { clock } = this.broker;
    const readings = this.catalogue.read();
    for (const reading of readings) if (reading.metric.summary === 'max') this.maxKeys.add(seriesKey(reading));
    const uptimeMs = clock.uptime();
    const values = this.rates.take(readings, uptimeMs);
    const second = Math.floor(clock.now() / 1000);
    if (this.hasSteppedOver(second, uptimeMs)) this.add(second - 1, values);
    this.add(second, values);
    this.sampledAtMs = uptimeMs;
  }

  /** Writes what waits. Never rejects; false while the database does not take it: then it waits on, within its bound. */
  write(): Promise<boolean> {
    return (this.writing = this.writing.then(() => this.writeWaiting()));
  }

  /** A timer drifts: now and then two samples a second apart have a whole second between them. */
  private hasSteppedOver(second: number, uptimeMs: number): boolean {
    const { newest } = this.recent;
    if (newest === null || this.sampledAtMs === null) return false;
    return second === newest + 2 && uptimeMs - this.sampledAtMs < 1.5 * SAMPLE_EVERY_MS;
  }

  private add(second: number, values: ReadonlyMap<string, number>): void {
    this.recent.set(second, values);
    for (const rollup of this.rollups) this.keep(rollup.add(second, values));
  }

  private writeSoon(): void {
    this.write().catch((error: unknown) => this.broker.report(error, 'history of metrics'));
  }

  private keep(step: StepValues | null): void {
    if (!step) return;
    this.waiting.push(step);
    if (this.waiting.length > WAITING_LIMIT) this.waiting.shift();
  }

  private async writeWaiting(): Promise<boolean> {
    const steps = this.waiting;
    if (steps.length === 0) return true;
    this.waiting = [];
    try {
      await this.store.add(steps);
      this.isOut = false;
      return true;
    } catch (error) {
      this.waiting = [...steps, ...this.waiting].slice(-WAITING_LIMIT);
      if (!this.isOut) this.logger.warn(`The history of metrics waits for the database: ${String(error)}`);
      this.isOut = true;
      return false;
    }
  }
}
