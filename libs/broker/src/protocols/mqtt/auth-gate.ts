import type { Broker } from '../../broker.js';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import { AuthExchange, type ProvenStep, writeAuth } from './auth-exchange.js';
import { SUCCESS } from './reason-codes.js';

/** How a CONNECT wants to prove who its client is. */
export interface Showing {
  /** Without a password, which is a piece of the chunk that it came in. */
  readonly client: Credentials;
  readonly method: string;
}

/** The connection that somebody wants to come in by. */
export interface Gated {
  /** Who the client is, or that it is nobody; `data` goes with the CONNACK. */
  decided(authentication: Authentication, data: Buffer | null): void;
  send(packet: Buffer): void;
  end(refusal: Refusal): void;
  /** Runs what had to wait for the authenticator, unless the connection has ended. */
  goOn(run: () => void): void;
}

/**
 * Finds out who a client is by an exchange of AUTH packets, by the method that its CONNECT named [MQTT5 4.12], and then
 * as often again as the client likes.
 */
export class AuthGate {
  private readonly exchange: AuthExchange;
  private session: Session | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly showing: Showing,
    private readonly gated: Gated,
  ) {
    this.exchange = this.newExchange(showing.method);
  }

  /** The client was asked something: what it sends now is taken, although it is not let in yet. */
  get isAsking(): boolean {
    return this.exchange.isAsking;
  }

  /** Looks at what the CONNECT showed. */
  start(data: Buffer | null): void {
    this.exchange.start(data);
  }

  /** The client is let in; from now on it may authenticate again. */
  opened(session: Session): void {
    this.session = session;
    this.exchange.connected();
  }

  /** Takes what a client sends that is not let in yet. */
  takeFirst(bytes: Buffer): Refusal | 'client-disconnected' | null {
    return this.exchange.takeFirst(bytes);
  }

  /** Takes an AUTH of a client that is let in. */
  take(bytes: Buffer): Refusal | null {
    return this.exchange.take(bytes);
  }

  /** The connection has ended: whatever comes out now is for nobody. */
  end(): void {
    this.exchange.end();
  }

  private newExchange(method: string): AuthExchange {
    const { broker, gated } = this;
    return new AuthExchange(method, {
      begin: () => broker.authenticator.begin?.(method, this.showing.client) ?? null,
      send: (packet) => gated.send(packet),
      accepted: (step) => this.proven(method, step),
      refused: (refusal) => this.unproven(refusal),
      goOn: (run) => gated.goOn(run),
      report: (error) => this.report(error),
    });
  }

  private proven(method: string, step: ProvenStep): void {
    const { username, data } = step;
    // Where a certificate says who a client is, it is nobody else.
    const { certificateName } = this.showing.client;
    if (certificateName !== null && certificateName !== username) return this.unproven('bad-credentials');
    if (!this.session) return this.gated.decided({ ...step, accepted: true }, data);
    if (!this.broker.sessions.mayBecome(this.session, step)) return this.unproven('quota-exceeded');
    this.broker.access.reauthenticated(this.session, step);
    this.gated.send(writeAuth(SUCCESS, method, data));
  }

  private unproven(refusal: Refusal): void {
    if (!this.session) return this.gated.decided({ accepted: false, refusal }, null);
    this.broker.refusals.of(this.session, { refusal, action: 'connect', topic: null, ruleId: null, by: null });
    this.gated.end(refusal);
  }

  private report(error: unknown): void {
    this.broker.report(error, 'authentication');
  }
}
