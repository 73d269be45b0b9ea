import type { RequestListener, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { acceptMqtt, Broker, TcpLink } from '@perch/broker';
import { explainListenError } from '../../boot/explain-error.js';
import { Listeners } from '../../boot/listeners.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { type ListenerPlan, planListeners } from '../../config/listener-plan.js';
import { JSON_PATH, MQTT_PATH } from '../../config/door-paths.js';
import { RegistryDoor } from '../registry/registry-door.js';
import type { Arrival } from './arrivals.js';
import { type House, ListenerServer } from './listener-server.js';

/** Opens every listener that the settings ask for, and closes them. */
@Injectable()
export class OpenListeners {
  private readonly logger = new Logger('listeners');
  private readonly servers: ListenerServer[] = [];

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly broker: Broker,
    private readonly listeners: Listeners,
    private readonly adapterHost: HttpAdapterHost<ExpressAdapter>,
    private readonly registry: RegistryDoor,
  ) {}

  /** Begins to take connections. Rejects when one listener cannot be opened; stop it all then. */
  async open(): Promise<void> {
    const house = this.house();
    for (const plan of planListeners(this.config).plans) {
      const server = new ListenerServer(plan, house);
      this.servers.push(server);
      try {
        await server.listen();
      } catch (error) {
        throw explainListenError(error, plan);
      }
      this.announce(plan, server.port);
    }
  }

  /** Takes no more connections; those that are open go on. */
  stop(): void {
    for (const server of this.servers) server.stop();
  }

  /** Ends what HTTP still holds open. */
  closeConnections(): void {
    for (const server of this.servers) server.closeConnections();
  }

  /** Reads all certificates again, for connections to come. */
  reloadCertificates(): void {
    const reloaded = this.servers.filter((server) => server.reloadCertificate());
    if (reloaded.length === 0) this.logger.log('There is no certificate to read again.');
  }

  private house(): House {
    const { httpAdapter } = this.adapterHost;
    const nest = httpAdapter.getHttpServer() as HttpServer;
    return {
      mqtt: (socket, arrival) => this.acceptMqtt(socket, arrival),
      http: httpAdapter.getInstance<RequestListener>(),
      registry: this.registry.handle,
      // Nest's gateways wait at Nest's own server, which does not listen.
      webSocket: (...event) => void nest.emit('upgrade', ...event),
      entryTimeoutMs: this.config.connectTimeoutMs,
      maxConnections: this.config.maxConnections,
      refused: (refusal) => this.broker.counters.refuse(refusal),
      log: (level, line) => this.logger[level](line),
    };
  }

  private acceptMqtt(socket: Socket, { kind, certificateName, terms }: Arrival): void {
    acceptMqtt(this.broker, new TcpLink(socket, { kind, clock: this.broker.clock, certificateName }), terms);
  }

  private announce({ name, kind, place, tls }: ListenerPlan, port: number | null): void {
    const where = 'socket' in place ? { host: null, socket: place.socket } : { host: place.host, socket: null };
    const door = { name, secure: tls !== null, port, ...where };
    if (kind === 'mqtt' || kind === 'registry') return this.listeners.add({ ...door, kind });
    if (kind === 'http') this.listeners.add({ ...door, kind: 'http' });
    this.listeners.add({ ...door, kind: 'mqtt-ws', path: MQTT_PATH });
    this.listeners.add({ ...door, kind: 'json-ws', path: JSON_PATH });
    const { flywheelPath, flockPath } = this.config;
    if (flywheelPath !== 'off') this.listeners.add({ ...door, kind: 'flywheel-ws', path: flywheelPath });
    if (flockPath !== 'off') this.listeners.add({ ...door, kind: 'flock-ws', path: flockPath });
  }
}
