import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { OperatorAccessService } from '../operators/operator-access.service.js';
import { OperatorSessionList } from '../operators/operator-session.schemas.js';
import { SessionCookie } from '../operators/session-cookie.js';
import {
  PasswordChange,
  PasswordProof,
  ProposedSecondFactor,
  RecoveryCodes,
  SecondFactorCode,
} from './account.schemas.js';
import { AccountService } from './account.service.js';
import { ownAccount } from './own-account.js';

@ApiTags('account')
@Controller('account')
export class AccountController {
  constructor(
    private readonly account: AccountService,
    private readonly access: OperatorAccessService,
    private readonly cookie: SessionCookie,
  ) {}

  @Summary('Changes the own password. Other sessions end; this browser goes on with a new one.')
  @Post('password')
  @Allow('account:own')
  @Answers(null, 204)
  @Problems(422, 429)
  async changePassword(
    @Body({ schema: PasswordChange }) input: PasswordChange,
    @Req() request: PerchRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const own = ownAccount(request);
    await this.account.changePassword(own, input);
    await this.cookie.issue(response, own.operator.id);
  }

  @Summary('Begins to set up a second factor. Nothing asks for codes before one was confirmed. 409 when there is one.')
  @Post('second-factor')
  @Allow('account:own')
  @Answers(ProposedSecondFactor)
  @Problems(409)
  propose(@Req() request: PerchRequest): Promise<ProposedSecondFactor> {
    return this.account.proposeSecondFactor(ownAccount(request));
  }

  @Summary('Turns the second factor on with a first code. Other sessions end; the recovery codes are told this once.')
  @Post('second-factor/confirm')
  @Allow('account:own')
  @Answers(RecoveryCodes)
  @Problems(409, 422)
  async confirm(
    @Body({ schema: SecondFactorCode }) { code }: SecondFactorCode,
    @Req() request: PerchRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecoveryCodes> {
    const own = ownAccount(request);
    const codes = await this.account.confirmSecondFactor(own, code);
    await this.cookie.issue(response, own.operator.id);
    return { codes };
  }

  @Summary('Turns the second factor off. Other sessions end.')
  @Post('second-factor/remove')
  @Allow('account:own')
  @Answers(null, 204)
  @Problems(422, 429)
  async remove(
    @Body({ schema: PasswordProof }) { current }: PasswordProof,
    @Req() request: PerchRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const own = ownAccount(request);
    await this.account.removeSecondFactor(own, current);
    await this.cookie.issue(response, own.operator.id);
  }

  @Summary('In which browsers one is signed in, the latest first.')
  @Get('sessions')
  @Allow('account:own')
  @Answers(OperatorSessionList)
  async sessions(@Req() request: PerchRequest): Promise<OperatorSessionList> {
    return { items: await this.account.listSessions(ownAccount(request)) };
  }

  @Summary('Signs out in another browser, or in this one.')
  @Delete('sessions/:id')
  @Allow('account:own')
  @Answers(null, 204)
  @Problems(404)
  endSession(@Param({ schema: IdParam }) { id }: IdParam, @Req() request: PerchRequest): Promise<void> {
    const { operator, actor } = ownAccount(request);
    return this.access.end(operator.id, id, actor);
  }
}
