import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { EventBridge } from './event-bridge.js';
import { OpenListeners } from './listeners/open-listeners.js';

/** Brings the broker up before any listener takes a client, and down before the database goes. */
@Injectable()
export class BrokerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly broker: Broker,
    private readonly events: EventBridge,
    private readonly listeners: OpenListeners,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.events.start();
    await this.broker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.listeners.stop();
    await this.broker.close();
    this.listeners.closeConnections();
    await this.events.stop();
  }
}
