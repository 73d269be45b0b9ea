import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import { acceptMqtt, Broker, TcpLink } from '@perch/broker';
import { Listeners } from '../boot/listeners.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';

const BACKLOG = 4096;

/** MQTT over TCP. */
@Injectable()
export class TcpListener {
  private readonly logger = new Logger('mqtt');
  private readonly server: Server;

  constructor(
    @InjectConfig() private readonly config: Config,
    broker: Broker,
    private readonly listeners: Listeners,
  ) {
    this.server = createServer((socket: Socket) => acceptMqtt(broker, new TcpLink(socket, 'tcp', broker.clock)));
  }

  /** Begins to take connections. Rejects when the port is not to be had. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host: this.config.host, port: this.config.mqttPort, backlog: BACKLOG }, () => {
        this.server.off('error', reject);
        this.listeners.add({ kind: 'mqtt', port: (this.server.address() as AddressInfo).port });
        this.server.on('error', (error) => this.logger.error(`The listener failed: ${error.message}`));
        resolve();
      });
    });
  }

  /** Takes no more connections; those that are open go on. */
  stop(): void {
    this.server.close();
  }
}
