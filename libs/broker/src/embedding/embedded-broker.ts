import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Server as TlsServer, TLSSocket } from 'node:tls';
import { compilePolicy, type Policy } from '@perch/policy';
import { Broker } from '../broker.js';
import type { BrokerOptions } from '../broker-options.js';
import { TcpLink } from '../links/tcp-link.js';
import { acceptMqtt } from '../protocols/mqtt/accept-mqtt.js';
import { checkPolicy } from './check-policy.js';
import { authenticatorOf, authorizerOf, noRules, type Authenticate, type Authorize } from './function-ports.js';
import { LocalClient } from './local-client.js';
import { WebSocketDoor, type WebSocketPaths } from './web-socket-door.js';

/** What an embedded broker is made of. Who may come in has to be said, and so has what they may do. */
export interface EmbeddedBrokerOptions extends Omit<
  BrokerOptions,
  'authenticator' | 'authorizer' | 'policy' | 'clock'
> {
  readonly authenticate: Authenticate;
  /** Asked about what no rule of the policy decides. */
  readonly authorize?: Authorize;
  /** Rules, judged before the authorizer is asked. Left out: none. */
  readonly policy?: Policy;
}

/** Where an embedded broker listens by itself. A port of 0 is any that is free. */
export interface ListenOptions {
  /** MQTT over TCP. */
  readonly mqttPort?: number;
  /** MQTT and perch.json over WebSocket. */
  readonly webSocketPort?: number;
  /** 127.0.0.1 unless it says otherwise. */
  readonly host?: string;
}

/** The ports that it listens at; null for those that were not asked for. */
export interface Listening {
  readonly mqttPort: number | null;
  readonly webSocketPort: number | null;
}

/** A broker inside another program. Made by `createBroker`. */
export class EmbeddedBroker {
  /** The broker itself, for whatever is not offered here. */
  readonly broker: Broker;
  private readonly servers = new Set<Server>();
  private readonly webSockets: WebSocketDoor;
  private localClients = 0;

  constructor(given: EmbeddedBrokerOptions) {
    const { authenticate, authorize, policy, ...options } = { ...given };
    if (typeof authenticate !== 'function') throw new TypeError('Say who may connect: authenticate is no function.');
    if (!authorize && !policy) throw new TypeError('Say who may do what: authorize, or policy, or both.');
    this.broker = new Broker({
      report: (error, what) => process.emitWarning(`${what}: ${String(error)}`, 'PerchWarning'),
      ...options,
      authenticator: authenticatorOf(authenticate),
      policy: policy ? compilePolicy(checkPolicy(policy)) : noRules(),
      ...(authorize && { authorizer: authorizerOf(authorize) }),
    });
    this.webSockets = new WebSocketDoor(this.broker);
  }

  /** Loads what its stores hold. Before it, nobody is to come in. */
  start(): Promise<void> {
    return this.broker.start();
  }

  /** Listens by itself, without TLS; returns the ports. */
  async listen({ mqttPort, webSocketPort, host = '127.0.0.1' }: ListenOptions): Promise<Listening> {
    const mqtt = mqttPort === undefined ? null : this.serveMqtt(createServer());
    const web = webSocketPort === undefined ? null : this.serveWebSockets(createHttpServer(askForUpgrade));
    return {
      mqttPort: mqtt && (await this.opened(mqtt, mqttPort ?? 0, host)),
      webSocketPort: web && (await this.opened(web, webSocketPort ?? 0, host)),
    };
  }

  /** Takes each connection of this server, TCP or TLS, for MQTT. Who made the server has it listen, and closes it. */
  serveMqtt<S extends Server>(server: S): S {
    const isSecure = server instanceof TlsServer;
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      acceptMqtt(this.broker, new TcpLink(socket, { kind: isSecure ? 'tls' : 'tcp', clock: this.broker.clock }));
    });
    return server;
  }

  /** Takes upgrades of this HTTP or HTTPS server at these paths, `/mqtt` and `/ws`; all others are left to others. */
  serveWebSockets<S extends HttpServer>(server: S, paths?: WebSocketPaths): S {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const isLast = server.listenerCount('upgrade') === 1;
      this.webSockets.enter(request, socket, { head, paths, isLast, isSecure: socket instanceof TLSSocket });
    });
    return server;
  }

  /** A client inside the program. */
  client(clientId = `$local/${++this.localClients}`): LocalClient {
    return new LocalClient(this.broker, clientId);
  }

  /** Puts everybody under other rules, those that are connected, too. Throws where a rule is wrong, and changes nothing then. */
  setPolicy(policy: Policy): void {
    this.broker.setPolicy(compilePolicy(checkPolicy(policy)));
  }

  /** Tells every client that it ends, and waits for what has to be kept. */
  async close(): Promise<void> {
    const closed = [...this.servers].map((server) => new Promise((resolve) => server.close(resolve)));
    await this.broker.close();
    for (const server of this.servers)
      if ('closeAllConnections' in server) (server as HttpServer).closeAllConnections();
    await Promise.all(closed);
  }

  private async opened(server: Server, port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.servers.add(server);
    return (server.address() as AddressInfo).port;
  }
}

/** Makes a broker and starts it. Nobody reaches it until it listens or serves somebody's server. */
export async function createBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const embedded = new EmbeddedBroker(options);
  await embedded.start();
  return embedded;
}

function askForUpgrade(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { Connection: 'Upgrade, close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
  response.end('Only WebSockets here.\n');
}
