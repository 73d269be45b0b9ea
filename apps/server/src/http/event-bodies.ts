import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { PerchRequest } from './perch-request.js';
import { isKnown, type PublishBodyLimits } from './publish-bodies.js';

/** Reads JSON that is published as it stands: its bytes. Much of it only of who is known. */
export function eventBodies(app: NestExpressApplication, limits: Omit<PublishBodyLimits, 'jsonBytes'>) {
  const read = express.raw({ limit: limits.payloadBytes, type: (request) => Boolean((request as Request).is('json')) });
  return (request: Request, response: Response, next: NextFunction): void => {
    const isLarge =
      request.headers['transfer-encoding'] !== undefined ||
      Number(request.headers['content-length'] ?? 0) > limits.anybodyBytes;
    if (!isLarge) return read(request, response, next);
    isKnown(app, request as PerchRequest).then((known) => (known ? read(request, response, next) : next()), next);
  };
}
