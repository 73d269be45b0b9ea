import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { TcpListener } from './tcp.listener.js';
import { EventBridge } from './event-bridge.js';

/** Brings the broker up before any listener takes a client, and down before the database goes. */
@Injectable()
export class BrokerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly broker: Broker,
    private readonly events: EventBridge,
    private readonly tcp: TcpListener,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.events.start();
    await this.broker.start();
    await this.tcp.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.tcp.stop();
    await this.broker.close();
    await this.events.stop();
  }
}
