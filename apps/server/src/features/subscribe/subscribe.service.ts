import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import {
  admitted,
  Broker,
  Caller,
  type EventStream,
  judgeStream,
  openEventStream,
  readEventId,
  type StreamRefusal,
  type StreamRequest,
} from '@perch/broker';
import type { Response } from 'express';
import { callRefused } from '../../broker/callers/call-refused.js';
import { actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { operatorClientId, readerGrants } from '../../policy/operator-grants.js';
import { AuditService } from '../audit/audit.service.js';
import { type EndedSignIn, isEnded, type SignedIn } from '../sign-in/signed-in.js';
import { SignIns } from '../sign-in/sign-ins.js';
import { ResponseSink } from './response-sink.js';
import type { SubscribeQuery } from './subscribe.schemas.js';

const MOST_PER_SIGN_IN = 16;
/** How soon a stream ends when its operator may no longer read what messages hold. */
const CHECK_MS = 250;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Streams of events over HTTP: of clients under the policy, of operators and API keys audited and for as long as they are signed in. */
@Injectable()
export class SubscribeService implements OnModuleDestroy {
  private readonly log = new Logger('subscribe');
  /** Streams that live on a sign-in. */
  private readonly ofOperators = new Map<EventStream, SignedIn>();
  private readonly stopListening: (() => void)[];

  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly signIns: SignIns,
  ) {
    this.stopListening = [
      signIns.whenEnded((ended) => this.endThoseOf(ended)),
      broker.clock.every(CHECK_MS, () => this.endUnreadable()),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
  }

  /** Answers with the stream; rejects with why there is none. */
  async open({ filter: filters, retained }: SubscribeQuery, request: PerchRequest, response: Response): Promise<void> {
    const { signedIn } = request;
    const lastEventId = request.headers['last-event-id'];
    const wanted: StreamRequest = {
      caller: request.caller ?? readerOf(request),
      filters,
      retained,
      isClient: !signedIn,
      port: request.client.port,
      from: typeof lastEventId === 'string' && lastEventId !== '' ? (readEventId(lastEventId) ?? 'unknown') : null,
    };
    const refused = await judgeStream(this.broker, wanted);
    if (refused) throw streamRefused(refused);
    if (signedIn) await this.admit(signedIn, request, filters);
    if (response.destroyed) return;
    const stream = await openEventStream(this.broker, wanted, new ResponseSink(response));
    if (typeof stream === 'string') throw callRefused(stream);
    response.on('drain', () => stream.link.drained());
    response.once('close', () => stream.link.broke());
    if (response.destroyed) return stream.link.broke();
    if (signedIn) this.keepFor(signedIn, stream, response);
  }

  /** Reading messages is in the audit log, as it is for live tails. */
  private async admit(signedIn: SignedIn, request: PerchRequest, filters: readonly string[]): Promise<void> {
    const own = [...this.ofOperators.values()].filter(({ id }) => id === signedIn.id);
    if (own.length >= MOST_PER_SIGN_IN)
      throw new ApiError('too-many-attempts', `You have ${MOST_PER_SIGN_IN} streams already. Close one of them.`);
    const object = `filter/${filters.join(' ')}`.slice(0, 1_000);
    await this.audit.record(actorOf(request), { action: 'subscribe.start', object, after: { filters } });
  }

  private keepFor(signedIn: SignedIn, stream: EventStream, response: Response): void {
    this.ofOperators.set(stream, signedIn);
    const leftMs = signedIn.expiresAt ? signedIn.expiresAt.getTime() - Date.now() : LONGEST_TIMER_MS;
    const stop =
      leftMs < LONGEST_TIMER_MS
        ? this.broker.clock.after(Math.max(0, leftMs), () => stream.end('authorization-expired'))
        : () => undefined;
    response.once('close', () => {
      stop();
      this.ofOperators.delete(stream);
      this.log.debug(`A stream of ${signedIn.operator.name} has ended.`);
    });
  }

  /** Who may read messages is a setting, which changes while they read. */
  private endUnreadable(): void {
    for (const [stream, signedIn] of this.ofOperators)
      if (!this.signIns.mayReadPayloads(signedIn)) stream.end('not-authorized');
  }

  private endThoseOf(ended: EndedSignIn): void {
    for (const [stream, signedIn] of this.ofOperators) if (isEnded(signedIn, ended)) stream.end('bad-credentials');
  }
}

/** An operator as the broker sees one who reads: a connection of its own, in no presence. */
function readerOf(request: PerchRequest): Caller {
  const { name, address } = actorOf(request);
  const own = `${operatorClientId(name)}/sse-`;
  const from = readEventId(String(request.headers['last-event-id'] ?? ''))?.clientId;
  const clientId = from?.startsWith(own) ? from : own + randomBytes(9).toString('base64url');
  return new Caller(admitted({ username: null }, { clientId, address }), readerGrants(name, address));
}

function streamRefused({ refusal, filter, reason }: StreamRefusal): ApiError {
  switch (refusal) {
    case 'invalid-filter':
      return new ApiError('bad-request', `${filter} is not a topic filter.`, {
        errors: [{ path: 'filter', message: 'must be an MQTT topic filter' }],
      });
    case 'not-authorized':
      return new ApiError('not-authorized', `${filter}: ${reason ?? 'The access policy does not allow it.'}`);
    default:
      return callRefused(refusal);
  }
}
