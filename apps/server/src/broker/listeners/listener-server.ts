import { chmodSync } from 'node:fs';
import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { Server as TlsServer, TLSSocket } from 'node:tls';
import type { ListenerTerms, Refusal } from '@perch/broker';
import type { ListenerPlan } from '../../config/listener-plan.js';
import { type Arrival, noteArrival } from './arrivals.js';
import { loadCertificate } from './certificate.js';
import { CertificateKeeper } from './certificate-keeper.js';
import { type CertificateVerdict, judgeCertificate } from './client-certificate.js';
import { gate } from './gate.js';
import { arrivalEvent, newServer, type Protocols } from './new-server.js';
import { expectProxyHeader } from './proxy-gate.js';
import { SeldomLog } from './seldom-log.js';
import { TrustedProxies } from './trusted-proxies.js';
import { clearStaleSocket } from './unix-socket.js';

/** What a listener is part of. */
export interface House extends Protocols {
  /** Open connections of clients in all: no listener of MQTT needs more. */
  readonly maxConnections: number;
  readonly refused: (refusal: Refusal) => void;
  readonly log: (level: 'debug' | 'log' | 'warn' | 'error', line: string) => void;
}

const BACKLOG = 4096;
const NO_CERTIFICATE: CertificateVerdict = { admitted: true, name: null };

/** One listener, from its plan to its last connection. */
export class ListenerServer {
  private readonly server: Server;
  private readonly keeper: CertificateKeeper | null;
  private readonly trusted: TrustedProxies;
  private readonly terms: ListenerTerms;
  private readonly seldom = new SeldomLog((line) => this.log('warn', line));

  /** Throws `CertificateError` when there is no certificate to serve. */
  constructor(
    readonly plan: ListenerPlan,
    private readonly house: House,
  ) {
    const certificate = plan.tls && loadCertificate(plan.tls);
    this.trusted = new TrustedProxies(plan.trustedProxies);
    this.terms = termsOf(plan);
    this.server = newServer(plan, certificate, house);
    this.keeper = certificate && this.newKeeper(certificate);
    this.limitConnections();
    this.receiveArrivals();
    if (plan.proxyProtocol) this.expectProxies();
  }

  /** The port it has, or null for a Unix socket. */
  get port(): number | null {
    const address = this.server.address();
    return typeof address === 'string' ? null : (address?.port ?? null);
  }

  /** Begins to take connections. Rejects when the place is not to be had. */
  async listen(): Promise<void> {
    const { place } = this.plan;
    if ('socket' in place) await clearStaleSocket(place.socket);
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...('socket' in place ? { path: place.socket } : place), backlog: BACKLOG }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    if ('socket' in place) chmodSync(place.socket, place.mode);
    this.server.on('error', (error) => this.log('error', `It failed: ${error.message}`));
    this.keeper?.start();
  }

  /** Takes no more connections; those that are open go on. */
  stop(): void {
    this.keeper?.stop();
    this.server.close();
  }

  /** Ends what HTTP still holds open. MQTT connections are the broker's to end. */
  closeConnections(): void {
    if (this.server instanceof HttpServer || this.server instanceof HttpsServer) this.server.closeAllConnections();
  }

  /** Reads its certificate again; false when it has none. */
  reloadCertificate(): boolean {
    this.keeper?.reload();
    return this.keeper !== null;
  }

  private newKeeper(certificate: ReturnType<typeof loadCertificate>): CertificateKeeper | null {
    const { server } = this;
    if (!this.plan.tls || !(server instanceof TlsServer)) return null;
    server.on('tlsClientError', ({ message }, socket) => {
      this.log('debug', `The TLS handshake of ${placeOf(socket.remoteAddress)} failed: ${message}`);
      // One that is late would stay open: Node only tells.
      socket.destroy();
    });
    const log = (level: 'log' | 'warn', line: string) => this.log(level, line);
    return new CertificateKeeper({ plan: this.plan.tls, server, log }, certificate);
  }

  private limitConnections(): void {
    const most = this.plan.maxConnections ?? (this.plan.kind === 'mqtt' ? this.house.maxConnections : null);
    if (most === null) return;
    this.server.maxConnections = most;
    this.server.on('drop', () => this.house.refused('server-busy'));
  }

  /** Judges each connection before its protocol sees it, and tells that how it came in. */
  private receiveArrivals(): void {
    const { plan, server, house } = this;
    const event = arrivalEvent(plan);
    if (plan.kind === 'mqtt') {
      server.on(event, (socket: Socket) => {
        const arrival = this.judge(socket);
        if (arrival) house.mqtt(socket, arrival);
      });
      return;
    }
    gate(server, event, (socket, admit) => {
      const arrival = this.judge(socket);
      if (!arrival) return;
      noteArrival(socket, arrival);
      admit();
    });
  }

  /** How a socket came in; null when its client's certificate does not hold, and it was ended. */
  private judge(socket: Socket): Arrival | null {
    const mode = this.plan.tls?.clientCertificates ?? 'off';
    const verdict = socket instanceof TLSSocket ? judgeCertificate(socket, mode) : NO_CERTIFICATE;
    if (verdict.admitted) return this.arrivalOf(socket, verdict.name);
    this.refuseCertificate(socket, verdict.reason);
    return null;
  }

  private refuseCertificate(socket: Socket, reason: string): void {
    const client = placeOf(socket.remoteAddress);
    socket.on('error', () => undefined).destroy();
    this.refuse('not-authorized', `The certificate of a client at ${client} does not hold: ${reason}.`);
  }

  private arrivalOf(socket: Socket, certificateName: string | null): Arrival {
    const { plan, trusted } = this;
    const address = socket.remoteAddress || null;
    const isLocalFile = 'socket' in plan.place && !plan.proxyProtocol;
    return {
      terms: this.terms,
      address,
      port: socket.remotePort ?? null,
      trusted,
      // Whoever may open the file of a Unix socket is trusted.
      isTrusted: isLocalFile || trusted.includes(address),
      kind: plan.tls ? 'tls' : 'socket' in plan.place ? 'unix' : 'tcp',
      hasPages: plan.kind === 'http',
      certificateName,
    };
  }

  private expectProxies(): void {
    const isLocalFile = 'socket' in this.plan.place;
    expectProxyHeader(this.server, {
      timeoutMs: this.house.entryTimeoutMs,
      trusts: (address) => isLocalFile || this.trusted.includes(address),
      refused: (reason, address) => {
        const from = `A connection from ${placeOf(address)}`;
        if (reason === 'untrusted') this.refuse('not-authorized', `${from} was ended: it is no trusted proxy.`);
        else if (reason === 'timeout') this.refuse('connect-timeout', `${from} sent no PROXY header in time.`);
        else this.refuse('protocol-error', `${from} was ended: it began with no PROXY header.`);
      },
    });
  }

  private refuse(refusal: Refusal, line: string): void {
    this.house.refused(refusal);
    this.seldom.tell(line);
  }

  private log(level: 'debug' | 'log' | 'warn' | 'error', line: string): void {
    this.house.log(level, `${this.plan.name}: ${line}`);
  }
}

function termsOf({ name, allowAnonymous, maxPacketBytes, tls }: ListenerPlan): ListenerTerms {
  const as = tls?.certificateAs ?? 'nothing';
  return { name, allowAnonymous, packetBytes: maxPacketBytes, certificateAs: as === 'nothing' ? null : as };
}

function placeOf(address: string | null | undefined): string {
  return address || 'the Unix socket';
}
