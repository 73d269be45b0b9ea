import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type EventStream, type Refusal, type StopTimer } from '@perch/broker';
import { type Actor, actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { AuditService } from '../audit/audit.service.js';
import { keepOpen, type KeptOpenEnd } from '../sign-in/keep-open.js';
import type { SignedIn } from '../sign-in/signed-in.js';
import { SignIns } from '../sign-in/sign-ins.js';

const MOST_PER_SIGN_IN = 16;
const refusals: Readonly<Record<KeptOpenEnd, Refusal>> = {
  'signed-out': 'bad-credentials',
  expired: 'authorization-expired',
  'not-allowed': 'not-authorized',
  unknown: 'unavailable',
};

/** A stream that an operator or an API key has asked for, from its admission to its end. */
export interface OperatorStream {
  readonly actor: Actor;
  readonly signedIn: SignedIn;
  readonly filters: readonly string[];
  readonly startedAt: number;
  /** Null until it is open. */
  stream: EventStream | null;
  /** Why there is none any more, before it is open. */
  refusal: Refusal | null;
  stopWatch: StopTimer;
}

/** Streams that live on a sign-in: bounded, audited, and over with the sign-in or with the right to read messages. */
@Injectable()
export class OperatorStreams implements OnModuleDestroy {
  private readonly log = new Logger('subscribe');
  private readonly running = new Set<OperatorStream>();

  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly signIns: SignIns,
  ) {}

  onModuleDestroy(): void {
    for (const admitted of this.running) this.end(admitted, 'server-shutting-down');
  }

  /** Admits one, once that is in the audit log: call `left` in any case. Rejects where there may be no more of them. */
  async admit(request: PerchRequest, signedIn: SignedIn, filters: readonly string[]): Promise<OperatorStream> {
    const own = [...this.running].filter((each) => each.signedIn.id === signedIn.id);
    if (own.length >= MOST_PER_SIGN_IN)
      throw new ApiError('too-many-attempts', `You have ${MOST_PER_SIGN_IN} streams already. Close one of them.`);
    const actor = actorOf(request);
    const state = { stream: null, refusal: null, stopWatch: () => undefined };
    const admitted: OperatorStream = { actor, signedIn, filters, startedAt: Date.now(), ...state };
    this.running.add(admitted);
    admitted.stopWatch = keepOpen(this.broker.agenda, this.signIns, {
      signedIn,
      credentials: { headers: request.headers, address: request.client.address },
      showsPayloads: true,
      ended: (why) => this.end(admitted, refusals[why]),
    });
    try {
      await this.audit.record(actor, { action: 'subscribe.start', object: objectOf(admitted), after: { filters } });
    } catch (error) {
      this.running.delete(admitted);
      admitted.stopWatch();
      throw error;
    }
    return admitted;
  }

  /** Throws where the sign-in or the right to read has ended since it was admitted. */
  assertHolds({ refusal }: OperatorStream): void {
    if (refusal === 'not-authorized')
      throw new ApiError('not-allowed', 'Who may read what messages hold was changed meanwhile.');
    if (refusal !== null) throw new ApiError('sign-in-required', 'The sign-in has ended meanwhile.');
  }

  /** It is open. */
  opened(admitted: OperatorStream, stream: EventStream): void {
    admitted.stream = stream;
    if (admitted.refusal) stream.end(admitted.refusal);
  }

  /** It is over, or was never open; that is in the audit log, too. */
  left(admitted: OperatorStream): void {
    if (!this.running.delete(admitted)) return;
    admitted.stopWatch();
    const { actor, filters, stream, startedAt } = admitted;
    const { closeReason: reason = 'not-opened', sent = 0, dropped = 0 } = stream ?? {};
    const after = { filters, reason, sent, dropped, seconds: Math.round((Date.now() - startedAt) / 1000) };
    this.audit
      .record(actor, { action: 'subscribe.end', object: objectOf(admitted), after })
      .catch((error: unknown) =>
        this.log.error(`The end of a stream of ${actor.name} is not audited: ${String(error)}`),
      );
  }

  private end(admitted: OperatorStream, refusal: Refusal): void {
    admitted.refusal = refusal;
    if (!admitted.stream) return;
    admitted.stream.end(refusal);
    this.left(admitted);
  }
}

function objectOf({ filters }: Pick<OperatorStream, 'filters'>): string {
  return `filter/${filters.join(' ')}`.slice(0, 1_000);
}
