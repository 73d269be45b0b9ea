import type { AuthenticationExchange, AuthenticationStep } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { AuthPacket, ClientPacket } from './packets.js';
import { writePacket } from './packet-codec.js';
import { readPacket } from './packet-reader.js';
import { CONTINUE_AUTHENTICATION, RE_AUTHENTICATE } from './reason-codes.js';

/** A step by which a client has proved who it is. */
export type ProvenStep = Extract<AuthenticationStep, { readonly state: 'accepted' }>;

/** What is done with what an authentication leads to. */
export interface AuthHandler {
  /** Begins a new exchange by the connection's method; null when it is not known. */
  begin(): AuthenticationExchange | null;
  send(packet: Buffer): void;
  accepted(principal: ProvenStep): void;
  refused(refusal: Refusal): void;
  /** Runs what had to wait for the authenticator, unless the connection has ended. */
  goOn(run: () => void): void;
  /** A fault of the authenticator. */
  report(error: unknown): void;
}

/**
 * The enhanced authentication of one connection, by the method that its CONNECT named [MQTT5 4.12]. The client begins
 * and answers, always; a step of the authenticator may take its time.
 *
 *     idle --CONNECT, AUTH 0x19--> stepping --continue: AUTH 0x18--> expecting --AUTH 0x18--> stepping
 *                                      \--accepted, refused--> idle
 */
export class AuthExchange {
  private exchange: AuthenticationExchange | null = null;
  private isStepping = false;
  private isConnected = false;
  private hasEnded = false;

  constructor(
    readonly method: string,
    private readonly handler: AuthHandler,
  ) {}

  /** The client was asked something, and its answer has not come. */
  get isAsking(): boolean {
    return this.exchange !== null && !this.isStepping;
  }

  /** Begins with what the CONNECT carried. */
  start(data: Buffer | null): void {
    this.begin(data);
  }

  /** The CONNACK that lets the client in has been sent: from now on it may authenticate again. */
  connected(): void {
    this.isConnected = true;
  }

  /** Takes whatever a client sends that is not let in yet: AUTH, or its good-bye [MQTT5-3.1.2-30]. */
  takeFirst(bytes: Buffer): Refusal | 'client-disconnected' | null {
    const packet = readPacket(bytes, 5);
    if (typeof packet !== 'string' && packet.cmd === 'disconnect') return 'client-disconnected';
    return this.takeRead(packet);
  }

  /** Takes an AUTH; the refusal that it has earned, or null. */
  take(bytes: Buffer): Refusal | null {
    return this.takeRead(readPacket(bytes, 5));
  }

  private takeRead(packet: ClientPacket | Refusal): Refusal | null {
    if (typeof packet === 'string') return packet;
    return packet.cmd === 'auth' ? this.answer(packet) : 'protocol-error';
  }

  private answer({ reasonCode, properties }: AuthPacket): Refusal | null {
    // [MQTT5-4.12.0-5] [MQTT5-4.12.1-1] always the method that the connection began with
    if (properties.authenticationMethod !== this.method || this.isStepping) return 'protocol-error';
    const data = properties.authenticationData ?? null;
    if (reasonCode === RE_AUTHENTICATE) {
      if (!this.isConnected || this.exchange) return 'protocol-error';
      this.begin(data);
      return null;
    }
    // [MQTT5-4.12.0-3] an answer, to what was asked
    if (reasonCode !== CONTINUE_AUTHENTICATION || !this.exchange) return 'protocol-error';
    this.step(this.exchange, data);
    return null;
  }

  /** The connection has ended: whatever comes out now is for nobody. */
  end(): void {
    this.hasEnded = true;
    this.exchange = null;
  }

  private begin(data: Buffer | null): void {
    this.exchange = this.handler.begin();
    if (this.exchange) this.step(this.exchange, data);
    else this.handler.refused('unsupported-authentication-method');
  }

  private step(exchange: AuthenticationExchange, data: Buffer | null): void {
    // What may outlive this turn must not hold on to the chunk that it came in.
    const outcome = exchange.step(data && Buffer.from(data));
    if (!(outcome instanceof Promise)) return this.conclude(outcome);
    this.isStepping = true;
    outcome
      .catch((error: unknown): AuthenticationStep => {
        this.handler.report(error);
        return { state: 'refused', refusal: 'unavailable' };
      })
      .then((step) => {
        this.isStepping = false;
        if (!this.hasEnded) this.handler.goOn(() => this.conclude(step));
      })
      .catch((error: unknown) => this.handler.report(error));
  }

  private conclude(step: AuthenticationStep): void {
    if (step.state === 'continue') return this.ask(step.data);
    this.exchange = null;
    if (step.state === 'accepted') this.handler.accepted(step);
    else this.handler.refused(step.refusal);
  }

  private ask(data: Buffer): void {
    this.handler.send(writeAuth(CONTINUE_AUTHENTICATION, this.method, data));
  }
}

/** An AUTH of the server [MQTT5 3.15]. */
export function writeAuth(reasonCode: number, method: string, data: Buffer | null): Buffer {
  const properties = { authenticationMethod: method, ...(data && { authenticationData: data }) };
  return writePacket({ cmd: 'auth', reasonCode, properties }, 5);
}
