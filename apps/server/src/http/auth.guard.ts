import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OperatorSessions } from '../features/operators/operator-sessions.js';
import { ACCESS } from './allow.decorator.js';
import { ApiError } from './api-error.js';
import { type Permission, permissionsOf } from './permission.js';
import type { PerchRequest } from './perch-request.js';
import { SCRAPED, ScrapeDoor } from './scrape-door.js';
import { isFromElsewhere, isUnsafe } from './same-origin.js';

/** Lets a request through to its route: from our own pages, and by somebody who may. Routes that say nothing are shut. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: OperatorSessions,
    private readonly scrapeDoor: ScrapeDoor,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PerchRequest>();
    request.action = actionOf(context);
    if (isUnsafe(request.method) && isFromElsewhere(request.headers)) {
      throw new ApiError('cross-origin', 'This request was made by a page of another site.');
    }
    const access = this.reflector.getAllAndOverride<Permission | 'public' | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const isScraped = this.reflector.get<true | undefined>(SCRAPED, context.getHandler()) === true;
    const isOpen = access === 'public' || (isScraped && this.scrapeDoor.isOpenTo(request));
    if (!isOpen) await this.assertMay(request, access);
    return true;
  }

  private async assertMay(request: PerchRequest, permission: Permission | undefined): Promise<void> {
    const signedIn = await this.sessions.signedInBy(request.headers.cookie);
    if (!signedIn) throw new ApiError('sign-in-required', 'Sign in first; an earlier session may have ended.');
    request.signedIn = signedIn;
    const { role } = signedIn.operator;
    if (permission && permissionsOf[role].includes(permission)) return;
    throw new ApiError('not-allowed', `The role ${role} lacks the permission ${permission ?? 'for this route'}.`);
  }
}

/** `UsersController.create` is `users.create` in the audit log. */
function actionOf(context: ExecutionContext): string {
  const feature = context.getClass().name.replace(/Controller$/, '');
  return `${feature.charAt(0).toLowerCase()}${feature.slice(1)}.${context.getHandler().name}`;
}
