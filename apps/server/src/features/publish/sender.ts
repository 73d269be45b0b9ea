import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { admitted, Caller } from '@perch/broker';
import { type Actor, actorOf } from '../../http/actor.js';
import { countedBy } from '../../broker/callers/counted-by.js';
import type { DoorTally } from '../../broker/callers/http-doors.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { operatorClientId, operatorGrants } from '../../policy/operator-grants.js';

/** Who publishes over REST: a client, or an operator or an API key, whose messages are in the audit log. */
export interface Sender {
  readonly caller: Caller;
  /** Null for a client. */
  readonly actor: Actor | null;
  /** Whose idempotency keys these are: one client's. */
  readonly key: string;
  /** Whose pace it is: one user's, whichever client ids it names. */
  readonly pacedAs: string;
  readonly idempotencyKey: string | string[] | undefined;
  /** Where what becomes of its messages is counted. */
  readonly door: DoorTally | undefined;
}

/** Who sends this request to publish. */
export const CurrentSender = createParamDecorator((_data: unknown, context: ExecutionContext): Sender => {
  const request = context.switchToHttp().getRequest<PerchRequest>();
  const idempotencyKey = request.headers['idempotency-key'];
  const { caller, door } = request;
  if (caller) return { caller, actor: null, key: keyOf(caller), pacedAs: countedBy(caller), idempotencyKey, door };
  const actor = actorOf(request);
  const key = `operator ${actor.name}`;
  return { caller: operatorCaller(actor), actor, key, pacedAs: key, idempotencyKey, door };
});

/** An operator as the broker sees it: no client of its own, and not under the policy. */
export function operatorCaller({ name, address }: Actor): Caller {
  const who = admitted({ username: null }, { clientId: operatorClientId(name), address });
  return new Caller(who, operatorGrants(name, address));
}

function keyOf({ admitted: { identity, authenticator } }: Caller): string {
  return JSON.stringify([authenticator, identity.username, identity.clientId]);
}
