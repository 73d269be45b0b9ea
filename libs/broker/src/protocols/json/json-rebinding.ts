import type { BindRequest, WireError } from '@perch/wire';
import type { Broker } from '../../broker.js';
import type { Authentication } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import type { JsonGate } from './json-gate.js';
import { wireError } from './refusal-codes.js';

/** What binding again needs of the connection. */
export interface JsonRebindingOptions {
  readonly gate: JsonGate;
  /** Takes nothing more until it is answered, and then goes on with this. */
  readonly waitFor: (answered: Promise<void>, goOn: () => void) => void;
  readonly accepted: (id: number) => void;
  readonly refused: (id: number, error: WireError) => void;
  readonly end: (refusal: Refusal) => void;
}

/** Guessing costs a connection after so many binds of one that were refused. */
const MAX_REFUSED_BINDS = 5;

/** A client that is bound and wants to be somebody else, or the same with other rights. */
export class JsonRebinding {
  private refusedBinds = 0;

  constructor(
    private readonly broker: Broker,
    private readonly session: Session,
    private readonly options: JsonRebindingOptions,
  ) {}

  /** Its rights are those of the new bind when the answer is sent; where that is refused it keeps those it has. */
  bind(request: BindRequest): void {
    const { session, options } = this;
    if (!session.options.isClient) return this.impossible(request, 'An operator is who has signed in.');
    if (request.clientId !== undefined && request.clientId !== session.clientId)
      return this.impossible(request, 'A connection keeps its client id.');
    const certified = options.gate.certified(options.gate.claimOf(request, session.clientId));
    if (typeof certified === 'string') return this.refuse(request, certified);
    const outcome = options.gate.authenticate(certified);
    if (!(outcome instanceof Promise)) return this.decide(request, outcome);
    let decided: Authentication = { accepted: false, refusal: 'unavailable' };
    const answered = outcome.then((authentication) => void (decided = authentication));
    options.waitFor(answered, () => this.decide(request, decided));
  }

  private decide(request: BindRequest, authentication: Authentication): void {
    if (!authentication.accepted) return this.refuse(request, authentication.refusal);
    if (!this.broker.sessions.mayBecome(this.session, authentication)) return this.refuse(request, 'quota-exceeded');
    this.broker.access.reauthenticated(this.session, authentication);
    this.options.accepted(request.id);
  }

  private impossible({ id }: BindRequest, message: string): void {
    this.broker.counters.refuse('protocol-error');
    this.options.refused(id, { code: 'already-bound', message });
  }

  private refuse({ id }: BindRequest, refusal: Refusal): void {
    const { broker, session, options } = this;
    broker.refusals.of(session, { refusal, action: 'connect', topic: null, ruleId: null, by: null });
    options.refused(id, wireError(refusal));
    if (++this.refusedBinds >= MAX_REFUSED_BINDS) options.end(refusal);
  }
}
