import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import { Callers } from '../broker/callers/callers.js';
import { rawPublication } from '../features/publish/raw-publication.js';
import { SignIns } from '../features/sign-in/sign-ins.js';
import { ApiError } from './api-error.js';
import type { PerchRequest } from './perch-request.js';

/** How much of a body is read. */
export interface PublishBodyLimits {
  /** Of whoever it is. */
  readonly anybodyBytes: number;
  /** Of a raw payload, and of the JSON that says as much. */
  readonly payloadBytes: number;
  readonly jsonBytes: number;
}

/** Reads what is to be published: JSON or, where the query names a topic, a payload as it is. Much of it only of who is known. */
export function publishBodies(app: NestExpressApplication, limits: PublishBodyLimits) {
  const json = express.json({ limit: limits.jsonBytes });
  const raw = express.raw({ limit: limits.payloadBytes, type: () => true });
  return (incoming: Request, response: Response, next: NextFunction): void => {
    const request = incoming as PerchRequest;
    if (request.method !== 'POST') return next();
    const isRaw = request.path === '/' && request.query['topic'] !== undefined;
    const isLarge =
      request.headers['transfer-encoding'] !== undefined ||
      Number(request.headers['content-length'] ?? 0) > limits.anybodyBytes;
    if (!isRaw && !isLarge) return next();
    const read = isRaw
      ? () => raw(request, response, (error?: unknown) => (error ? next(error) : asJson()))
      : () => json(request, response, next);
    const asJson = () => {
      const body: unknown = request.body;
      request.body = rawPublication(request.query, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      next();
    };
    if (!isLarge) return read();
    isKnown(app, request).then((known) => (known ? read() : next(isRaw ? stranger() : undefined)), next);
  };
}

/** Somebody who may publish, by what the request shows. */
export async function isKnown(app: NestExpressApplication, request: PerchRequest): Promise<boolean> {
  if (await app.get(Callers, { strict: false }).callerOf(request)) return true;
  const { headers, client } = request;
  return (await app.get(SignIns, { strict: false }).signedInBy({ headers, address: client.address })) !== null;
}

function stranger(): ApiError {
  return new ApiError('sign-in-required', 'Say who you are: so large a body is not read of just anybody.');
}
