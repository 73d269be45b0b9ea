import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Listener } from '../boot/listeners.js';
import { clientOf } from '../broker/listeners/client-of.js';
import { BACKUP_LIMIT_BYTES } from '../features/backup/backup.schemas.js';
import { IMPORT_LIMIT_BYTES } from '../features/users/import.schemas.js';
import { SignIns } from '../features/sign-in/sign-ins.js';
import { traceRequests } from '../tracing/trace-requests.js';
import type { Traces } from '../tracing/traces.js';
import { ApiError } from './api-error.js';
import { dashboardPolicy } from './content-security-policy.js';
import { countRequests } from './count-requests.js';
import { dashboardDirectory, serveDashboard } from './dashboard.js';
import { NDJSON } from './ndjson.js';
import { createOpenApiDocument } from './open-api.js';
import { RegistryDoor } from '../broker/registry/registry-door.js';
import { eventBodies } from './event-bodies.js';
import type { PerchRequest } from './perch-request.js';
import { type Permission, permissionsFor } from './permission.js';
import { publishBodies } from './publish-bodies.js';
import { serveDocs } from './serve-docs.js';

/** What the HTTP side needs to know. */
export interface HttpOptions {
  /** The largest payload that may be published. */
  readonly maxPacketBytes: number;
  /** The doors that are open. Left out: none but the page's own. */
  readonly listeners?: () => readonly Listener[];
  /** Measures requests; null or left out: nothing does. */
  readonly traces?: Traces | null;
  /** Where the built dashboard is. */
  readonly dashboardDirectory?: string;
}

/** The prefix of every route but the health checks. */
export const API_PREFIX = 'api/v1';

const bodyLimitBytes = 1024 * 1024;
/** 5,000 rules with long topics, and their tests. */
const policyLimitBytes = 16 * 1024 * 1024;

/** Where a body of any length is read line by line by its route, once the caller is known. */
const STREAMED_PATH = `/${API_PREFIX}/retained/import`;

/** Makes the application answer as Perch: headers, bodies, prefix, documentation and the dashboard. Call before `listen`. */
export function configureHttp(app: NestExpressApplication, options: HttpOptions): void {
  app.disable('x-powered-by');
  // Answers are not cacheable, so a hash of each would be for nothing; the policy sets its own.
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(identify);
  if (options.traces) app.use([`/${API_PREFIX}`], traceRequests(options.traces));
  app.use(securityHeaders(options.listeners ?? (() => [])));
  app.use([`/${API_PREFIX}`, '/metrics'], noStore);
  app.use('/api/v1/publish/batch', countRequests(app, 'batch', 'POST'));
  app.use('/api/v1/publish', countRequests(app, 'publish', 'POST'));
  app.use('/api/v1/event', countRequests(app, 'event', 'POST'));
  app.use('/api/v1/subscribe', countRequests(app, 'subscribe', 'GET'));
  const jsonBytes = base64Size(options.maxPacketBytes);
  app.use(
    '/api/v1/publish',
    publishBodies(app, { anybodyBytes: bodyLimitBytes, payloadBytes: options.maxPacketBytes, jsonBytes }),
  );
  app.use('/api/v1/event', eventBodies(app, { anybodyBytes: bodyLimitBytes, payloadBytes: options.maxPacketBytes }));
  app.use('/registry', (request: Request, response: Response) =>
    app.get(RegistryDoor, { strict: false }).handle(request, response),
  );
  app.use('/api/v1/retained', largeBodies(app, jsonBytes));
  app.use(['/api/v1/users/import', '/api/v1/users/bulk'], largeBodies(app, IMPORT_LIMIT_BYTES));
  app.use('/api/v1/policy', largeBodies(app, policyLimitBytes));
  app.use('/api/v1/backup', largeBodies(app, BACKUP_LIMIT_BYTES + bodyLimitBytes, 'backup:write'));
  app.use(express.json({ limit: bodyLimitBytes }), refuseOtherBodies);
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready', 'metrics'] });
  serveDocs(app, () => createOpenApiDocument(app));
  serveDashboard(app, options.dashboardDirectory ?? dashboardDirectory);
}

function identify(request: Request, response: Response, next: NextFunction): void {
  const id = randomUUID();
  const perchRequest = request as PerchRequest;
  perchRequest.requestId = id;
  perchRequest.client = clientOf(request);
  response.setHeader('X-Request-Id', id);
  next();
}

function securityHeaders(listeners: () => readonly Listener[]) {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: dashboardPolicy(listeners) },
    // For whoever ends TLS to decide: a wrong one shuts people out for months.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Payloads may be larger than other bodies, but only from operators: a stranger must not fill our memory. */
function largeBodies(app: NestExpressApplication, limit: number, permission?: Permission) {
  const parse = express.json({ limit });
  return (request: Request, response: Response, next: NextFunction): void => {
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    if (!isChunked && Number(request.headers['content-length'] ?? 0) <= bodyLimitBytes) return next();
    const signIns = app.get(SignIns, { strict: false });
    const { headers, client } = request as PerchRequest;
    signIns.signedInBy({ headers, address: client.address }).then((signedIn) => {
      const isTrusted = signedIn && (!permission || permissionsFor(signedIn).includes(permission));
      if (isTrusted) parse(request, response, next);
      else next();
    }, next);
  };
}

/** A body that is not JSON was not parsed; without this it would look like an empty one. */
function refuseOtherBodies(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const isStream = request.path === STREAMED_PATH && request.is(NDJSON);
  // One that was read before is what it should be.
  if (!hasBody || request.body !== undefined || request.is('json') || isStream) return next();
  next(new ApiError('unsupported-media-type', 'Send the body as application/json.'));
}

/** Base64 is a third larger; the rest of the body is small. */
function base64Size(bytes: number): number {
  return Math.max(bodyLimitBytes, Math.ceil((bytes * 4) / 3) + 128 * 1024);
}
