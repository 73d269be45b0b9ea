import type { Caller } from '@perch/broker';
import type { Request } from 'express';
import type { DoorTally } from '../broker/callers/http-doors.js';
import type { HttpClient } from '../broker/listeners/client-of.js';
import type { SignedIn } from '../features/sign-in/signed-in.js';

/** An HTTP request after the first middleware and the auth guard saw it. */
export interface PerchRequest extends Request {
  requestId: string;
  /** Who sent it, trusted proxies looked through. */
  client: HttpClient;
  /** What the route does, such as `users.create`. Set by the auth guard. */
  action?: string;
  /** Set by the auth guard on routes that are not public. */
  signedIn?: SignedIn;
  /** Who sends it where that is a client and no operator; null when it is none. Undefined until somebody has asked. */
  caller?: Caller | null;
  /** Where what becomes of it is counted; left out where clients have no business. */
  door?: DoorTally;
}
