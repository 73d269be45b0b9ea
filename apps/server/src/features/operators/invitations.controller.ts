import { Body, Controller, Delete, Get, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow, Public } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import {
  AcceptedInvitation,
  Invitation,
  InvitationList,
  InvitationToken,
  IssuedInvitation,
  NewInvitation,
} from './invitation.schemas.js';
import { InvitationsService } from './invitations.service.js';
import { Operator } from './operator.schemas.js';
import { SessionCookie } from './session-cookie.js';

@ApiTags('operators')
@Controller('invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Summary('Invitations that were not accepted yet.')
  @Get()
  @Allow('operators:read')
  @Answers(InvitationList)
  list(): Promise<InvitationList> {
    return this.invitations.list();
  }

  @Summary('Invites somebody to be an operator: the link opens once, for a day. 409 when the name is taken.')
  @Post()
  @Allow('operators:write')
  @Answers(IssuedInvitation, 201)
  @Problems(409, 422)
  create(
    @Body({ schema: NewInvitation }) input: NewInvitation,
    @CurrentActor() actor: Actor,
  ): Promise<IssuedInvitation> {
    return this.invitations.create(input, actor);
  }

  @Summary('Withdraws an invitation: its link opens nothing any more.')
  @Delete(':id')
  @Allow('operators:write')
  @Answers(null, 204)
  @Problems(404)
  revoke(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.invitations.revoke(id, actor);
  }

  @Summary('Who an invitation is for.')
  @Post('look')
  @Public()
  @Answers(Invitation)
  @Problems(403, 422)
  look(@Body({ schema: InvitationToken }) { token }: InvitationToken): Promise<Invitation> {
    return this.invitations.look(token);
  }

  @Summary('Makes the operator who was invited, with a password of their own, and signs in.')
  @Post('accept')
  @Public()
  @Answers(Operator, 201)
  @Problems(403, 409, 422)
  async accept(
    @Body({ schema: AcceptedInvitation }) input: AcceptedInvitation,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Operator> {
    const operator = await this.invitations.accept(input, actor);
    await this.cookie.issue(response, operator.id);
    return operator;
  }
}
