import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { BridgeSettings } from '../../config/bridge.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { Bridge } from './bridge.js';
import type { BridgeStatus } from './bridge.schemas.js';
import { listenTo } from './broker-events.js';
import { CsvFiles } from './csv-files.js';
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

  constructor(
    private readonly broker: Broker,
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
    return this.running.map(({ settings: { name, kind, events, topics }, bridge }) => ({
      name,
      kind,
      events,
      topics,
      state: bridge.isFailing ? 'retrying' : 'working',
      circuit: bridge.circuit,
      queued: bridge.queued,
      queuedBytes: bridge.queuedBytes,
      sent: bridge.sent,
      failed: bridge.failed,
      dropped: bridge.dropped,
      deadLettered: bridge.deadLettered,
      lastError: bridge.lastError && { ...bridge.lastError, at: new Date(bridge.lastError.at).toISOString() },
    }));
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
    return new Bridge({ settings, destination, clock, changed });
  }

  private async end({ settings, bridge, stop }: Running): Promise<void> {
    stop();
    const left = await bridge.close();
    if (left > 0) this.log.error(`The bridge ${settings.name} could not send its last ${left} events.`);
  }
}
