import { Injectable } from '@nestjs/common';
import type { CookieOptions, Response } from 'express';
import type { PerchRequest } from '../../http/perch-request.js';
import { SESSION_COOKIE } from '../../http/session-cookie-name.js';
import { OperatorSessions } from './operator-sessions.js';

/** Puts an operator's session into the browser's cookie and takes it out again. */
@Injectable()
export class SessionCookie {
  constructor(private readonly sessions: OperatorSessions) {}

  /** Signs the browser in with a new token. The session it had before ends: nobody can plant one. */
  async issue(response: Response, operatorId: string): Promise<void> {
    const request = response.req as PerchRequest;
    await this.sessions.end(request.headers.cookie);
    const browser = { address: request.client.address ?? '', userAgent: request.header('user-agent') ?? '' };
    const token = await this.sessions.begin(operatorId, browser);
    response.cookie(SESSION_COOKIE, token, optionsFor(request));
  }

  /** Signs the browser out. */
  async revoke(response: Response): Promise<void> {
    const request = response.req as PerchRequest;
    await this.sessions.end(request.headers.cookie);
    response.clearCookie(SESSION_COOKIE, optionsFor(request));
  }
}

function optionsFor(request: PerchRequest): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: request.client.isSecure };
}
