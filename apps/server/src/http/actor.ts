import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { PerchRequest } from './perch-request.js';

/** On whose behalf something is done, as the audit log names it. */
export interface Actor {
  readonly name: string;
  readonly address: string;
  readonly requestId: string;
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
  };
}
