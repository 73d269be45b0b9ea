import { type Actor, actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import type { Operator } from '../operators/operator.schemas.js';

/** Whose account it is, and who asks: the same person. */
export interface Own {
  readonly operator: Operator;
  readonly sessionId: string;
  readonly actor: Actor;
}

/** Whose account a request is about. Keys have none, and do not come this far. */
export function ownAccount(request: PerchRequest): Own {
  const { signedIn } = request;
  if (signedIn?.kind !== 'operator') throw new ApiError('sign-in-required', 'Sign in as an operator.');
  return { operator: signedIn.operator, sessionId: signedIn.id, actor: actorOf(request) };
}
