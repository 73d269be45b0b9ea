import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
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
import { arrivalOf } from '../../broker/listeners/arrivals.js';
import { actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { operatorClientId, readerGrants } from '../../policy/operator-grants.js';
import { OperatorStreams } from './operator-streams.js';
import { ResponseSink } from './response-sink.js';
import type { SubscribeQuery } from './subscribe.schemas.js';

/** Streams of events over HTTP: of clients under the policy, of operators and API keys audited and as long as they may. */
@Injectable()
export class SubscribeService {
  constructor(
    private readonly broker: Broker,
    private readonly ofOperators: OperatorStreams,
  ) {}

  /** Answers with the stream; rejects with why there is none. */
  async open({ filter: filters, retained }: SubscribeQuery, request: PerchRequest, response: Response): Promise<void> {
    const { signedIn } = request;
    const lastEventId = request.headers['last-event-id'];
    const { terms, certificateName } = arrivalOf(request.socket);
    const wanted: StreamRequest = {
      caller: request.caller ?? readerOf(request),
      filters,
      retained,
      isClient: !signedIn,
      port: request.client.port,
      terms,
      certificateName,
      from: typeof lastEventId === 'string' && lastEventId !== '' ? (readEventId(lastEventId) ?? 'unknown') : null,
    };
    const refused = await judgeStream(this.broker, wanted);
    if (refused) throw streamRefused(refused);
    if (!signedIn) return void (await this.begin(wanted, response));
    const admitted = await this.ofOperators.admit(request, signedIn, filters);
    try {
      this.ofOperators.assertHolds(admitted);
      const stream = await this.begin(wanted, response);
      if (!stream) return this.ofOperators.left(admitted);
      this.ofOperators.opened(admitted, stream);
      response.once('close', () => this.ofOperators.left(admitted));
    } catch (error) {
      this.ofOperators.left(admitted);
      throw error;
    }
  }

  /** The stream, which ends with the response; null where that is gone already. */
  private async begin(wanted: StreamRequest, response: Response): Promise<EventStream | null> {
    if (response.destroyed) return null;
    const stream = await openEventStream(this.broker, wanted, new ResponseSink(response));
    if (typeof stream === 'string') throw callRefused(stream);
    response.on('drain', () => stream.link.drained());
    response.once('close', () => stream.link.broke());
    if (!response.destroyed) return stream;
    stream.link.broke();
    return null;
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
