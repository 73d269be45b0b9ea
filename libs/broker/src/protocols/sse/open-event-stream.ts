import { splitSharedFilter } from '@perch/policy';
import type { Broker } from '../../broker.js';
import type { Refusal } from '../../refusal.js';
import type { SessionOptions } from '../../session.js';
import { isTooLong } from '../../topic-bounds.js';
import type { EventSink } from './event-link.js';
import { EventStream, type StreamRequest } from './event-stream.js';

/** Why there is no stream. */
export interface StreamRefusal {
  readonly refusal: Refusal;
  /** The filter that was refused, or null. */
  readonly filter: string | null;
  /** What the client may be told of the rule behind it, or null. */
  readonly reason: string | null;
}

/** Whether there will be a stream: null for yes. All or nothing, as one that brings less would look like a quiet one. */
export async function judgeStream(
  broker: Broker,
  { caller, filters }: Pick<StreamRequest, 'caller' | 'filters'>,
): Promise<StreamRefusal | null> {
  const { access, limits, refusals } = broker;
  const fault = filters.find((filter) => splitSharedFilter(filter) === null || isTooLong(filter, limits));
  if (fault !== undefined) return { refusal: 'invalid-filter', filter: fault, reason: null };
  if (filters.length > limits.subscriptionsPerSession) return { refusal: 'quota-exceeded', filter: null, reason: null };
  await access.asked.ask(caller.grants, access.asked.openQuestions(caller.grants, { filters, topics: [] }));
  caller.keepUp(broker);
  for (const filter of filters) {
    const { allowed, ruleId, by } = caller.grants.subscribe(filter);
    if (allowed) continue;
    refusals.ofSubscribe(caller.who, { refusal: 'not-authorized', ruleId, by, topic: filter });
    return { refusal: 'not-authorized', filter, reason: refusals.reason };
  }
  return null;
}

/** Sends the sink what the filters match, from now or from where an earlier stream broke off; or says why not. */
export async function openEventStream(
  broker: Broker,
  request: StreamRequest,
  sink: EventSink,
): Promise<EventStream | Refusal> {
  const { caller } = request;
  const stream = new EventStream(broker, request, sink);
  const refuse = (refusal: Refusal): Refusal => {
    stream.discard();
    broker.unlink(stream);
    broker.refusals.ofConnect({ ...caller.who, refusal, topic: null, ruleId: null, by: null });
    return refusal;
  };
  const refusal = broker.link(stream);
  if (refusal) return refuse(refusal);
  const opening = broker.open(sessionFor(broker, request, stream));
  if (typeof opening === 'string') return refuse(opening);
  try {
    await opening.ready;
  } catch {
    broker.sessions.abandon(opening);
    return refuse('unavailable');
  }
  if (stream.isClosed) {
    broker.sessions.abandon(opening);
    return refuse('session-taken-over');
  }
  broker.sessions.begin(opening);
  stream.begin(opening.session);
  return stream;
}

function sessionFor(
  { limits }: Broker,
  { caller, isClient, port }: StreamRequest,
  stream: EventStream,
): SessionOptions {
  return {
    grants: caller.grants,
    isClient,
    port,
    protocol: 'sse',
    keepAlive: 0,
    will: null,
    willDelayInterval: 0,
    cleanStart: false,
    sessionExpiryInterval: stream.window ? limits.resumeSeconds : 0,
    window: stream.window,
    peer: stream,
    // Last: V8 gives objects shapes of their own where properties follow a spread, one for each.
    ...caller.admitted,
  };
}
