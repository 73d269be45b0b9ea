import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { type HttpDoor, HttpDoors } from '../broker/callers/http-doors.js';
import type { PerchRequest } from './perch-request.js';

/** Counts what comes to a door with this method; what is refused there, the problem filter tells. The first one counts. */
export function countRequests(app: NestExpressApplication, door: HttpDoor, method: 'GET' | 'POST') {
  return (incoming: Request, _response: Response, next: NextFunction): void => {
    const request = incoming as PerchRequest;
    if (request.method === method && !request.door) {
      request.door = app.get(HttpDoors, { strict: false }).at[door];
      request.door.requests++;
    }
    next();
  };
}
