import type { Request } from 'express';
import type { SignedIn } from '../features/auth/operator-sessions.js';

/** An HTTP request after the first middleware and the auth guard saw it. */
export interface PerchRequest extends Request {
  requestId: string;
  /** Set by the auth guard on routes that are not public. */
  signedIn?: SignedIn;
}
