import type { Server } from 'node:http';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EmbeddedBroker } from '@perch/broker';
import { PERCH_OPTIONS, type PerchOptions } from './perch-options.js';

/** Brings the broker up with the application, and down before its HTTP server. */
@Injectable()
export class PerchHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(PERCH_OPTIONS) private readonly options: PerchOptions,
    private readonly broker: EmbeddedBroker,
    private readonly http: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { mqttPort, host, webSockets } = this.options;
    await this.broker.start();
    await this.broker.listen({ mqttPort, host });
    const server = this.http.httpAdapter?.getHttpServer() as Server | undefined;
    if (server && webSockets !== false) this.broker.serveWebSockets(server, webSockets);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.broker.close();
  }
}
