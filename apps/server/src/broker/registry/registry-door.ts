import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Broker, type Caller } from '@perch/broker';
import { z } from 'zod';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { Callers } from '../callers/callers.js';
import { clientOf } from '../listeners/client-of.js';
import { LeaseBook, type LeaseRefusal, type Registrant } from './lease-book.js';

const LARGEST_BODY_BYTES = 16 * 1024;

/** As the registry's own clients write it. */
const Registration = z.object({
  instance_id: z.string().min(1).max(256),
  ip_addr: z.string().refine((text) => isIP(text) !== 0, 'must be an IP address'),
  port: z.int().min(1).max(65_535),
});

/** What came of a request. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const problem = (status: number, detail: string): Answer => ({ status, body: { status, detail } });
const NOT_FOUND = problem(404, 'There is nothing of that name.');
const refusals: Record<LeaseRefusal, Answer> = {
  unknown: NOT_FOUND,
  foreign: problem(403, 'Somebody else has registered this instance.'),
  full: problem(503, 'The registry is full.'),
};

/** What the policy is asked about a service: who may publish there registers, who may subscribe finds. */
export const registryTopic = (service: string) => `$registry/${service}`;

/**
 * The registry as its clients speak to it, by bare HTTP: at a path of the HTTP listeners, and at a listener of its own.
 */
@Injectable()
export class RegistryDoor {
  constructor(
    private readonly broker: Broker,
    private readonly callers: Callers,
    private readonly book: LeaseBook,
  ) {}

  /** Answers one request, whose path begins behind the registry's own. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.answer(request).then(
      (answer) => write(response, answer),
      (error: unknown) => {
        this.broker.report(error, 'registry');
        write(response, problem(500, 'The registry made a mistake.'));
      },
    );
  };

  private async answer(request: IncomingMessage): Promise<Answer> {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/api/v1/healthcheck') return request.method === 'GET' ? { status: 200, body: {} } : notHere('GET');
    const [, serviceText, instanceText] = /^\/api\/v1\/services\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const service = decoded(serviceText);
    const instance = instanceText === undefined ? null : decoded(instanceText);
    if (service === null || (instanceText !== undefined && instance === null)) return NOT_FOUND;
    try {
      const caller = await this.callers.callerOf(asPerchRequest(request));
      if (!caller) return whoIsThere();
      return instance === null
        ? await this.ofService(request, service, caller)
        : await this.ofInstance(request, { service, instance }, caller);
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
    const read = Registration.safeParse(await bodyOf(request));
    if (!read.success) return problem(400, `Not a registration: ${z.prettifyError(read.error)}`);
    const { instance_id: instanceId, ip_addr: address, port } = read.data;
    const refusal = this.book.register(service, { instanceId, address, port }, registrantOf(caller));
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
}

const FORBIDDEN = problem(403, 'The access policy does not allow it.');

function whoIsThere(): Answer {
  const headers = { 'WWW-Authenticate': 'Basic realm="perch", charset="UTF-8"' };
  return { ...problem(401, 'Say who you are.'), headers };
}

function notHere(allowed: string): Answer {
  return { ...problem(405, `Only ${allowed} here.`), headers: { Allow: allowed } };
}

function ofApiError(error: ApiError): Answer {
  return { ...problem(error.status, error.detail), headers: { ...error.extras.headers } };
}

function registrantOf({ admitted: { identity, authenticator } }: Caller): Registrant {
  const { username, clientId, address } = identity;
  return { name: username ?? clientId, key: JSON.stringify([authenticator, username ?? clientId]), address };
}

/** A listener of its own has no framework that would have looked at the request. */
function asPerchRequest(request: IncomingMessage): PerchRequest {
  const prepared = 'requestId' in request ? request : Object.assign(request, { client: clientOf(request), query: {} });
  return prepared as PerchRequest;
}

/** One level of a topic, as it is in the policy's questions; null where it is none. */
function decoded(text: string | undefined): string | null {
  try {
    const name = decodeURIComponent(text ?? '');
    return name === '' || name.length > 256 || /[/+#\0]/.test(name) ? null : name;
  } catch {
    return null;
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw new ApiError('too-large', `A body may have ${LARGEST_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const isProblem = status >= 400;
  const type = isProblem ? 'application/problem+json' : 'application/json';
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...(body !== undefined && { 'Content-Type': type }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
