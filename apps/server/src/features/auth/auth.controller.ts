import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow, Public } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { Operator } from '../operators/operator.schemas.js';
import { Login, Me } from './auth.schemas.js';
import { AuthService } from './auth.service.js';
import { SessionCookie } from '../operators/session-cookie.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookie: SessionCookie,
  ) {}

  @Summary('Signs in. The session is in the cookie; a session that the browser had before has ended.')
  @Post('login')
  @Public()
  @Answers(Operator)
  @Problems(401, 403, 422, 429, 503)
  async login(
    @Body({ schema: Login }) input: Login,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Operator> {
    const operator = await this.auth.login(input, actor);
    await this.cookie.issue(response, operator.id);
    return operator;
  }

  @Summary('Signs out.')
  @Post('logout')
  @Allow('account:own')
  @Answers(null, 204)
  async logout(@CurrentActor() actor: Actor, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.cookie.revoke(response);
    await this.auth.loggedOut(actor);
  }

  @Summary('Who is signed in, and what they may do.')
  @Get('me')
  @Allow('account:read')
  @Answers(Me)
  me(@Req() request: PerchRequest): Me {
    return this.auth.me(request);
  }
}
