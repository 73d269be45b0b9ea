import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { ListenerPlan } from '../../config/listener-plan.js';
import type { Arrival } from './arrivals.js';
import type { LoadedCertificate } from './certificate.js';

/** What listeners bring their connections to. */
export interface Protocols {
  readonly mqtt: (socket: Socket, arrival: Arrival) => void;
  readonly http: RequestListener;
  readonly registry: RequestListener;
  readonly webSocket: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** How long a TLS handshake may take, and a PROXY header before it. */
  readonly entryTimeoutMs: number;
}

/** The event that a server of this plan brings each connection with. */
export function arrivalEvent({ tls }: ListenerPlan): 'connection' | 'secureConnection' {
  return tls ? 'secureConnection' : 'connection';
}

/** Makes the server of a plan: not yet listening, and with nobody at its door. Nobody serves MQTT there yet. */
export function newServer(plan: ListenerPlan, certificate: LoadedCertificate | null, protocols: Protocols): Server {
  const tls = certificate && tlsOptions(plan, certificate, protocols.entryTimeoutMs);
  if (plan.kind === 'mqtt') return tls ? createTlsServer(tls) : createTcpServer();
  const handlers = { http: protocols.http, registry: protocols.registry, websocket: askForUpgrade };
  const handler = handlers[plan.kind];
  const server = tls ? createHttpsServer(tls, handler) : createHttpServer(handler);
  return plan.kind === 'registry' ? server : server.on('upgrade', protocols.webSocket);
}

function tlsOptions({ tls }: ListenerPlan, { context }: LoadedCertificate, handshakeTimeout: number): TlsOptions {
  // Judged when the connection arrives, where the reason can be told.
  return { ...context, handshakeTimeout, rejectUnauthorized: false, requestCert: tls?.clientCertificates !== 'off' };
}

function askForUpgrade(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { Connection: 'Upgrade, close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
  response.end('Only WebSockets here.\n');
}
