import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Broker, type Caller } from '@perch/broker';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { Callers } from '../callers/callers.js';
import { countedBy } from '../callers/counted-by.js';
import { type DoorTally, HttpDoors } from '../callers/http-doors.js';
import { clientOf } from '../listeners/client-of.js';
import { LeaseBook, type LeaseRefusal, type Registrant } from './lease-book.js';
import { readPlace, readRegistration } from './registration.js';

const LARGEST_BODY_BYTES = 16 * 1024;

/** What came of a request. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says why there is no other. */
interface Refusal extends Answer {
  readonly body: { readonly status: number; readonly code: string; readonly detail: string };
}

const problem = (status: number, code: string, detail: string): Refusal => ({ status, body: { status, code, detail } });
const NOT_FOUND = problem(404, 'not-found', 'There is nothing of that name.');
const refusals: Record<LeaseRefusal, Refusal> = {
  unknown: NOT_FOUND,
  foreign: problem(403, 'foreign-instance', 'Somebody else has registered this instance.'),
  full: problem(503, 'registry-full', 'The registry is full (flockMaxInstances).'),
  'too-many': problem(
    429,
    'too-many-instances',
    'This user has registered as many instances as one may (flockMaxInstancesPerUser).',
  ),
};

/** What the policy is asked about a service: who may publish there registers, who may subscribe finds. */
export const registryTopic = (service: string) => `$registry/${service}`;

/**
 * The registry as its clients speak to it, by bare HTTP: at a path of the HTTP listeners, and at a listener of its own.
 */
@Injectable()
export class RegistryDoor {
  private readonly tally: DoorTally;

  constructor(
    private readonly broker: Broker,
    private readonly callers: Callers,
    private readonly book: LeaseBook,
    doors: HttpDoors,
  ) {
    this.tally = doors.at.registry;
  }

  /** Answers one request, whose path begins behind the registry's own. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.tally.requests++;
    this.answer(request).then(
      (answer) => this.write(response, answer),
      (error: unknown) => {
        this.broker.report(error, 'registry');
        this.write(response, problem(500, 'internal-error', 'The registry made a mistake.'));
      },
    );
  };

  private async answer(request: IncomingMessage): Promise<Answer> {
    const place = readPlace(request.url ?? '');
    if (place?.kind === 'health') return request.method === 'GET' ? { status: 200, body: {} } : notHere('GET');
    if (!place) return NOT_FOUND;
    try {
      const caller = await this.callers.callerOf(asPerchRequest(request));
      if (!caller) return whoIsThere();
      return place.kind === 'service'
        ? await this.ofService(request, place.service, caller)
        : await this.ofInstance(request, place, caller);
    } catch (error) {
      if (error instanceof ApiError) return ofApiError(error);
      throw error;
    }
  }

  private async ofService(request: IncomingMessage, service: string, caller: Caller): Promise<Answer> {
    if (request.method === 'GET') {
      if (!(await this.may('subscribe', service, caller))) return FORBIDDEN;
      const found = this.book.find(service);
      const body = found.map(({ instanceId, address, port }) => ({ instance_id: instanceId, ip_addr: address, port }));
      return found.length === 0 ? NOT_FOUND : { status: 200, body };
    }
    if (request.method !== 'POST') return notHere('GET, POST');
    if (!(await this.may('publish', service, caller))) return FORBIDDEN;
    const instance = readRegistration(await bodyOf(request));
    if ('problem' in instance) return problem(400, 'bad-request', instance.problem);
    const refusal = this.book.register(service, instance, registrantOf(caller));
    return refusal === null ? { status: 204 } : refusals[refusal];
  }

  private async ofInstance(
    { method }: IncomingMessage,
    { service, instance }: { readonly service: string; readonly instance: string },
    caller: Caller,
  ): Promise<Answer> {
    if (method !== 'PUT' && method !== 'DELETE') return notHere('PUT, DELETE');
    if (!(await this.may('publish', service, caller))) return FORBIDDEN;
    const registrant = registrantOf(caller);
    const isRenewal = method === 'PUT';
    const refusal = isRenewal
      ? this.book.renew(service, instance, registrant)
      : this.book.remove(service, instance, registrant);
    if (refusal !== null) return refusals[refusal];
    return isRenewal ? { status: 200, body: {} } : { status: 204 };
  }

  private async may(action: 'publish' | 'subscribe', service: string, caller: Caller): Promise<boolean> {
    const topic = registryTopic(service);
    const { access, refusals: told } = this.broker;
    const { grants } = caller;
    const wanted = action === 'publish' ? { filters: [], topics: [topic] } : { filters: [topic], topics: [] };
    const questions = access.asked.openQuestions(grants, wanted);
    if (questions.length > 0) await access.asked.ask(grants, questions);
    const { allowed, ruleId, by } = action === 'publish' ? grants.publish(topic) : grants.subscribe(topic);
    if (!allowed) told.ofCaller(caller.who, { refusal: 'not-authorized', action, topic, ruleId, by });
    return allowed;
  }

  private write(response: ServerResponse, answer: Answer | Refusal): void {
    const { status, body, headers } = answer;
    if (isRefusal(answer)) this.tally.refuse(answer.body.code);
    if (response.headersSent || response.destroyed) return;
    const type = isRefusal(answer) ? 'application/problem+json' : 'application/json';
    response.writeHead(status, {
      'Cache-Control': 'no-store',
      ...(body !== undefined && { 'Content-Type': type }),
      ...headers,
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }
}

function isRefusal(answer: Answer | Refusal): answer is Refusal {
  return answer.status >= 400;
}

const FORBIDDEN = problem(403, 'not-authorized', 'The access policy does not allow it.');

function whoIsThere(): Refusal {
  const headers = { 'WWW-Authenticate': 'Basic realm="perch", charset="UTF-8"' };
  return { ...problem(401, 'sign-in-required', 'Say who you are.'), headers };
}

function notHere(allowed: string): Refusal {
  return { ...problem(405, 'wrong-method', `Only ${allowed} here.`), headers: { Allow: allowed } };
}

function ofApiError(error: ApiError): Refusal {
  return { ...problem(error.status, error.code, error.detail), headers: { ...error.extras.headers } };
}

function registrantOf(caller: Caller): Registrant {
  const { identity, authenticator } = caller.admitted;
  const { username, clientId, address } = identity;
  const key = JSON.stringify([authenticator, username ?? clientId]);
  return { name: username ?? clientId, key, countedBy: countedBy(caller), address };
}

/** A listener of its own has no framework that would have looked at the request. */
function asPerchRequest(request: IncomingMessage): PerchRequest {
  const prepared = 'requestId' in request ? request : Object.assign(request, { client: clientOf(request), query: {} });
  return prepared as PerchRequest;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // A request that is destroyed would take its answer with it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError('bad-request', 'The request ended early.');
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ApiError {
  const headers = { Connection: 'close' };
  return new ApiError('too-large', `A body may have ${LARGEST_BODY_BYTES} bytes.`, { headers });
}
