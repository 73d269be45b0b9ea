import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { BridgeSettings } from '../../config/bridge.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { AuditService } from '../audit/audit.service.js';
import { Bridge } from './bridge.js';
import type { BridgeStatus, BridgeTestResult } from './bridge.schemas.js';
import { listenTo } from './broker-events.js';
import { CsvFiles } from './csv-files.js';
import { DeadLetters } from './dead-letters.js';
import { Webhook } from './webhook.js';

interface Running {
  readonly settings: BridgeSettings;
  readonly bridge: Bridge;
  stop: () => void;
}

/** The bridges that the configuration names: open as long as the server, and what they are doing. */
@Injectable()
export class BridgesService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('bridges');
  private readonly running: readonly Running[];
  private readonly tests = new BoundedQueue(1, 8);

  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    @InjectConfig() { bridges }: Config,
  ) {
    this.running = bridges.map((settings) => ({ settings, bridge: this.make(settings), stop: () => undefined }));
  }

  /** After the broker has restored its sessions: these are no subscriptions of now. */
  onApplicationBootstrap(): void {
    for (const each of this.running)
      each.stop = listenTo(this.broker, each.settings, (event) => each.bridge.offer(event));
  }

  /** When the broker is closed: the last clients have gone, and that is told, too. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.running.map((each) => this.end(each)));
  }

  list(): BridgeStatus[] {
    return this.running.map(({ settings: { name, kind, events, topics, payloadBytes, queueEvents }, bridge }) => ({
      name,
      kind,
      events,
      topics,
      payloadBytes: events.includes('publish') ? payloadBytes : 0,
      target: bridge.target,
      state: bridge.state,
      circuit: bridge.circuit,
      queued: bridge.queued,
      queuedBytes: bridge.queuedBytes,
      queueEvents,
      sent: bridge.sent,
      failed: bridge.failed,
      dropped: bridge.dropped,
      deadLettered: bridge.deadLettered,
      deadLetterFile: bridge.deadLetterFile,
      lastError: bridge.lastError && { ...bridge.lastError, at: new Date(bridge.lastError.at).toISOString() },
    }));
  }

  /** Sends an event that says it is a test, past those that wait. 404 without such a bridge, 503 when many tests wait. */
  async test(name: string, actor: Actor): Promise<BridgeTestResult> {
    const found = this.running.find(({ settings }) => settings.name === name);
    if (!found) throw new ApiError('not-found', `There is no bridge ${name}.`);
    const tested = this.tests.run(async () => {
      await this.audit.record(actor, { action: 'bridges.test', object: `bridges/${name}` });
      const begun = performance.now();
      const answer = await found.bridge.test();
      return { ...answer, ms: Math.round(performance.now() - begun) };
    });
    if (!tested) throw new ApiError('unavailable', 'Too many tests wait already.');
    return tested;
  }

  /** One figure of each bridge, by its name; null where there is no bridge. */
  figures(read: (bridge: Bridge) => number): Record<string, number> | null {
    if (this.running.length === 0) return null;
    return Object.fromEntries(this.running.map(({ settings, bridge }) => [settings.name, read(bridge)]));
  }

  private make(settings: BridgeSettings): Bridge {
    const { clock } = this.broker;
    const destination = settings.kind === 'webhook' ? new Webhook(settings, clock) : new CsvFiles(settings, clock);
    const changed = (problem: string | null) => {
      if (problem === null) this.log.log(`The bridge ${settings.name} works again.`);
      else this.log.warn(`The bridge ${settings.name} fails, and tries again: ${problem}`);
    };
    return new Bridge({ settings, destination, clock, changed, deadLetters: this.deadLettersOf(settings) });
  }

  /** Where it is kept what is given up; null where the settings name no folder for it. */
  private deadLettersOf(settings: BridgeSettings): DeadLetters | null {
    if (settings.kind !== 'webhook' || settings.deadLetterFolder === undefined) return null;
    const { name, deadLetterFolder: folder } = settings;
    const failed = (problem: string) => this.log.error(`The bridge ${name}: ${problem}`);
    return new DeadLetters({ name, folder }, this.broker.clock, failed);
  }

  private async end({ settings, bridge, stop }: Running): Promise<void> {
    stop();
    const left = await bridge.close().catch((error: unknown) => {
      this.log.error(`The bridge ${settings.name} could not be closed: ${String(error)}`);
      return bridge.queued;
    });
    if (left > 0) this.log.error(`The bridge ${settings.name} could not send its last ${left} events.`);
  }
}
