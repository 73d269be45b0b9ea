import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Callers } from '../broker/callers/callers.js';
import { RefusedKeys } from '../features/sign-in/refused-keys.js';
import { bearerIn, SignIns } from '../features/sign-in/sign-ins.js';
import { ACCESS, CLIENTS } from './allow.decorator.js';
import { ApiError } from './api-error.js';
import { type Permission, permissionsFor } from './permission.js';
import type { PerchRequest } from './perch-request.js';
import { SCRAPED, ScrapeDoor } from './scrape-door.js';
import { isFromElsewhere, isUnsafe } from './same-origin.js';

/** Lets a request through to its route: from our own pages, and by somebody who may. Routes that say nothing are shut. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIns: SignIns,
    private readonly scrapeDoor: ScrapeDoor,
    private readonly callers: Callers,
    private readonly refusedKeys: RefusedKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PerchRequest>();
    request.action = actionOf(context);
    // No page can make a browser send a key, so who sends one is not asked where from.
    const hasKey = bearerIn(request.headers) !== null;
    if (!hasKey && isUnsafe(request.method) && isFromElsewhere(request.headers)) {
      throw new ApiError('cross-origin', 'This request was made by a page of another site.');
    }
    const access = this.reflector.getAllAndOverride<Permission | 'public' | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const isScraped = this.reflector.get<true | undefined>(SCRAPED, context.getHandler()) === true;
    const isOpen = access === 'public' || (isScraped && this.scrapeDoor.isOpenTo(request));
    if (isOpen || (await this.isClient(context, request))) return true;
    await this.assertMay(request, access, this.isForClients(context));
    return true;
  }

  /** Judged by the access policy, topic by topic, and not here. */
  private async isClient(context: ExecutionContext, request: PerchRequest): Promise<boolean> {
    return this.isForClients(context) && (await this.callers.callerOf(request)) !== null;
  }

  private isForClients(context: ExecutionContext): boolean {
    return this.reflector.get<true | undefined>(CLIENTS, context.getHandler()) === true;
  }

  private async assertMay(
    request: PerchRequest,
    permission: Permission | undefined,
    isForClients: boolean,
  ): Promise<void> {
    const { headers, client } = request;
    const credentials = { headers, address: client.address };
    const signedIn = await this.signIns.signedInBy(credentials);
    if (!signedIn) {
      await this.refusedKeys.tell(credentials, request.requestId);
      throw bearerIn(headers) === null ? signInRequired(isForClients) : keyRefused();
    }
    request.signedIn = signedIn;
    if (permission && permissionsFor(signedIn).includes(permission)) return;
    const who = signedIn.kind === 'api-key' ? 'An API key of the role' : 'The role';
    const what = permission ?? 'for this route';
    throw new ApiError('not-allowed', `${who} ${signedIn.operator.role} lacks the permission ${what}.`);
  }
}

function signInRequired(isForClients: boolean): ApiError {
  if (isForClients)
    return new ApiError(
      'sign-in-required',
      'Say who you are: a user with Authorization: Basic, a token or an API key with Authorization: Bearer.',
    );
  return new ApiError(
    'sign-in-required',
    'Sign in first, or send an API key with Authorization: Bearer; an earlier session may have ended.',
  );
}

function keyRefused(): ApiError {
  return new ApiError('sign-in-required', 'This API key opens nothing; it may have been revoked, rotated or expired.', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}

/** `UsersController.create` is `users.create` in the audit log. */
function actionOf(context: ExecutionContext): string {
  const feature = context.getClass().name.replace(/Controller$/, '');
  return `${feature.charAt(0).toLowerCase()}${feature.slice(1)}.${context.getHandler().name}`;
}
