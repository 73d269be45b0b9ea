import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type EventStream, type Refusal, type StopTimer } from '@perch/broker';
import { type Actor, actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { AuditService } from '../audit/audit.service.js';
import { isEnded, type SignedIn } from '../sign-in/signed-in.js';
import { type Credentials, SignIns } from '../sign-in/sign-ins.js';
import { untilSignedOut } from '../sign-in/until-signed-out.js';

const MOST_PER_SIGN_IN = 16;

/** A stream that an operator or an API key has asked for, from its admission to its end. */
export interface OperatorStream {
  readonly actor: Actor;
  readonly signedIn: SignedIn;
  readonly credentials: Credentials;
  readonly filters: readonly string[];
  readonly startedAt: number;
  /** Null until it is open. */
  stream: EventStream | null;
  /** Why there is none any more, before it is open. */
  refusal: Refusal | null;
  stopTimer: StopTimer;
}

/** Streams that live on a sign-in: bounded, audited, and over with the sign-in or with the right to read messages. */
@Injectable()
export class OperatorStreams implements OnModuleDestroy {
  private readonly log = new Logger('subscribe');
  private readonly running = new Set<OperatorStream>();
  private readonly stopListening: readonly (() => void)[];

  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly signIns: SignIns,
  ) {
    this.stopListening = [
      signIns.whenEnded((ended) => this.endWhere(({ signedIn }) => isEnded(signedIn, ended), 'bad-credentials')),
      signIns.whenReadersChange(() =>
        this.endWhere(({ signedIn }) => !signIns.mayReadPayloads(signedIn), 'not-authorized'),
      ),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
    this.endWhere(() => true, 'server-shutting-down');
  }

  /** Admits one, once that is in the audit log: call `left` in any case. Rejects where there may be no more of them. */
  async admit(request: PerchRequest, signedIn: SignedIn, filters: readonly string[]): Promise<OperatorStream> {
    const own = [...this.running].filter((each) => each.signedIn.id === signedIn.id);
    if (own.length >= MOST_PER_SIGN_IN)
      throw new ApiError('too-many-attempts', `You have ${MOST_PER_SIGN_IN} streams already. Close one of them.`);
    const actor = actorOf(request);
    const state = { stream: null, refusal: null, stopTimer: () => undefined };
    const credentials = { headers: request.headers, address: request.client.address };
    const admitted: OperatorStream = { actor, signedIn, credentials, filters, startedAt: Date.now(), ...state };
    this.running.add(admitted);
    try {
      await this.audit.record(actor, { action: 'subscribe.start', object: objectOf(admitted), after: { filters } });
    } catch (error) {
      this.running.delete(admitted);
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
    if (admitted.refusal) return stream.end(admitted.refusal);
    const { signedIn, credentials } = admitted;
    admitted.stopTimer = untilSignedOut(this.broker.agenda, {
      signedIn,
      askAgain: () => this.signIns.signedInBy(credentials, true),
      ended: (why) => stream.end(why === 'unknown' ? 'unavailable' : 'authorization-expired'),
    });
  }

  /** It is over, or was never open; that is in the audit log, too. */
  left(admitted: OperatorStream): void {
    if (!this.running.delete(admitted)) return;
    admitted.stopTimer();
    const { actor, filters, stream, startedAt } = admitted;
    const { closeReason: reason = 'not-opened', sent = 0, dropped = 0 } = stream ?? {};
    const after = { filters, reason, sent, dropped, seconds: Math.round((Date.now() - startedAt) / 1000) };
    this.audit
      .record(actor, { action: 'subscribe.end', object: objectOf(admitted), after })
      .catch((error: unknown) =>
        this.log.error(`The end of a stream of ${actor.name} is not audited: ${String(error)}`),
      );
  }

  private endWhere(isOver: (admitted: OperatorStream) => boolean, refusal: Refusal): void {
    for (const admitted of this.running) {
      if (!isOver(admitted)) continue;
      admitted.refusal = refusal;
      if (!admitted.stream) continue;
      admitted.stream.end(refusal);
      this.left(admitted);
    }
  }
}

function objectOf({ filters }: Pick<OperatorStream, 'filters'>): string {
  return `filter/${filters.join(' ')}`.slice(0, 1_000);
}
