import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Public } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { SessionCookie } from '../operators/session-cookie.js';
import { Operator } from '../operators/operator.schemas.js';
import { Setup, SetupState } from './setup.schemas.js';
import { SetupService } from './setup.service.js';

@ApiTags('setup')
@Controller('setup')
export class SetupController {
  constructor(
    private readonly setup: SetupService,
    private readonly cookie: SessionCookie,
  ) {}

  @Summary('Whether the first operator has still to be made.')
  @Get()
  @Public()
  @Answers(SetupState)
  state(): Promise<SetupState> {
    return this.setup.state();
  }

  @Summary('Makes the first operator, an admin, with the token of the one-time link, and signs in.')
  @Post()
  @Public()
  @Answers(Operator, 201)
  @Problems(403, 409, 422, 429)
  async complete(
    @Body({ schema: Setup }) input: Setup,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Operator> {
    const operator = await this.setup.complete(input, actor);
    await this.cookie.issue(response, operator.id);
    return operator;
  }
}
