import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { PerchRequest } from './perch-request.js';
import { type Permission, permissionsOf, type Role } from './permission.js';

/** How the audit log names an API key; no operator may be named like that. */
export const KEY_ACTOR_PREFIX = 'api-key:';

/** On whose behalf something is done, as the audit log names it. */
export interface Actor {
  readonly name: string;
  readonly address: string;
  readonly requestId: string;
  /** Null for whoever has not signed in. */
  readonly role: Role | null;
}

/** What the server does by itself; `requestId` says on which occasion. */
export function byItself(requestId: string): Actor {
  return { name: 'perch', address: 'local', requestId, role: null };
}

/** The signed-in operator, or on public routes a visitor without a name. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<PerchRequest>();
  return actorOf(request);
});

/** Who sent this request. */
export function actorOf(request: PerchRequest): Actor {
  return {
    name: request.signedIn?.operator.name ?? '',
    address: request.client.address ?? '',
    requestId: request.requestId,
    role: request.signedIn?.operator.role ?? null,
  };
}

/** Whether the actor has a permission beyond the one that the route names. Of reading messages a setting decides. */
export function mayAlso({ role }: Actor, permission: Exclude<Permission, 'messages:read'>): boolean {
  return role !== null && permissionsOf[role].includes(permission);
}
