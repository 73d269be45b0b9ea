import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { AuditService, type Deed } from '../features/audit/audit.service.js';
import { RefusalTally } from '../features/audit/refusal-tally.js';
import { type Actor, actorOf } from './actor.js';
import { ApiError } from './api-error.js';
import { isDatabaseAway } from './database-errors.js';
import type { PerchRequest } from './perch-request.js';
import type { Problem } from './problem.js';
import { isUnsafe } from './same-origin.js';

/** Refusals by rule, as against requests that are merely wrong: these belong in the audit log. */
const auditedStatuses = new Set([403, 409, 412]);

/** Writes every error as problem+json, and nothing that was not meant to be read. The only place that does. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  constructor(
    private readonly audit: AuditService,
    private readonly tally: RefusalTally,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<PerchRequest>();
    const response = http.getResponse<Response>();
    const refusal = apiErrorOf(error);
    request.door?.refuse(refusal.code);
    if (refusal.status >= 500) this.report(error, request, refusal);
    await this.auditRefusal(refusal, request);
    if (response.headersSent) return void response.destroy();
    for (const [name, value] of Object.entries(refusal.extras.headers ?? {})) response.setHeader(name, value);
    response
      .status(refusal.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(refusal, request)));
  }

  private async auditRefusal(refusal: ApiError, request: PerchRequest): Promise<void> {
    const { signedIn, action } = request;
    if (!signedIn || !action) return;
    const object = request.originalUrl.replace(/^\/api\/v1\//, '').slice(0, 1000);
    const deed = { action, object, reason: refusal.code };
    const written = this.write(actorOf(request), deed, { isChange: isUnsafe(request.method), refusal });
    await written?.catch((error: unknown) => this.report(error, request, refusal));
  }

  /** Each change that was refused; of what was only to be read, that it was and how often. */
  private write(actor: Actor, deed: Deed, { isChange, refusal }: Refused): Promise<void> | null {
    if (isChange) return auditedStatuses.has(refusal.status) ? this.audit.refused(actor, deed) : null;
    const object = deed.object.split('?')[0] ?? deed.object;
    return refusal.status === 403 ? this.tally.take(actor, { ...deed, object }) : null;
  }

  private report(error: unknown, request: PerchRequest, { code }: ApiError): void {
    const what = `${request.method} ${request.path} ${request.requestId}: ${code}`;
    if (isDatabaseAway(error)) this.log.warn(what);
    else this.log.error(what, error instanceof Error ? error.stack : String(error));
  }
}

interface Refused {
  readonly isChange: boolean;
  readonly refusal: ApiError;
}

function problemOf({ code, status, title, detail, extras }: ApiError, { requestId }: PerchRequest): Problem {
  return {
    type: `urn:perch:problem:${code}`,
    title,
    status,
    detail,
    instance: requestId,
    code,
    ...(extras.errors && { errors: [...extras.errors] }),
    ...(extras.reasonCode !== undefined && { reasonCode: extras.reasonCode }),
    ...(extras.current !== undefined && { current: extras.current }),
    ...(extras.merge && { merge: extras.merge }),
    ...(extras.failedTests && { failedTests: extras.failedTests }),
  };
}

/** What may be said of an error. Whatever is not ours is a mistake of ours and says nothing. */
function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { status } = { ...(error as { status?: unknown }) };
  const unread = bodyError(error);
  if (unread) return unread;
  if (error instanceof HttpException) return routeError(error.getStatus(), error.cause);
  if (isDatabaseAway(error)) return databaseAway();
  if (error instanceof URIError || status === 400) return new ApiError('bad-request', 'The request cannot be read.');
  return mistake();
}

/** Nest wraps what its middleware threw; the original is the cause. */
function routeError(status: number, cause: unknown): ApiError {
  const unread = bodyError(cause);
  if (unread) return unread;
  if (status === 404) return new ApiError('not-found', 'There is no such route.');
  if (status === 413) return tooLarge();
  if (status < 500) return new ApiError('bad-request', 'The request cannot be read.');
  return mistake();
}

/** Null where the error is none of the body parser's. */
function bodyError(error: unknown): ApiError | null {
  const { type, limit } = { ...(error as { type?: unknown; limit?: unknown }) };
  if (type === 'entity.too.large') return tooLarge(limit);
  return (typeof type === 'string' && bodyErrors[type]?.()) || null;
}

function tooLarge(limit?: unknown): ApiError {
  const most = typeof limit === 'number' ? ` The body may have ${limit} bytes at most.` : '';
  return new ApiError('too-large', `Send less at once.${most}`);
}

/** The body parser's own names for what else went wrong. */
const bodyErrors: Record<string, () => ApiError> = {
  'entity.parse.failed': () => new ApiError('bad-json', 'The body is not valid JSON.'),
  'entity.verify.failed': () => new ApiError('bad-json', 'The body is not valid JSON.'),
  'encoding.unsupported': () => new ApiError('unsupported-media-type', 'This content encoding is not known.'),
  'charset.unsupported': () => new ApiError('unsupported-media-type', 'JSON is written in UTF-8.'),
  'request.aborted': () => new ApiError('bad-request', 'The request ended early.'),
  'request.size.invalid': () => new ApiError('bad-request', 'The body is not as long as it was said to be.'),
};

function databaseAway(): ApiError {
  return new ApiError('database-unavailable', 'The database is not reachable. Live traffic goes on; try again soon.', {
    headers: { 'Retry-After': '5' },
  });
}

function mistake(): ApiError {
  return new ApiError('internal-error', 'The server log says more under this request id.');
}
