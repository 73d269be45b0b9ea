import { Body, Controller, Get, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ApiIfMatch, IfMatch } from '../../http/if-match.js';
import {
  AccessDoc,
  AccessInput,
  AccessStatus,
  InvalidateInput,
  TryInput,
  TryResult,
} from './access-settings.schemas.js';
import { AccessSettingsService } from './access-settings.service.js';
import { AccessTrial } from './access-trial.js';

@ApiTags('settings')
@Controller('settings/access')
export class AccessSettingsController {
  constructor(
    private readonly settings: AccessSettingsService,
    private readonly trial: AccessTrial,
  ) {}

  @Summary('Who may come in: authenticators and authorizers in the order in which they are asked, without secrets.')
  @Get()
  @Allow('settings:read')
  @Answers(AccessDoc)
  get(@Res({ passthrough: true }) response: Response): AccessDoc {
    return tagged(response, this.settings.current());
  }

  @Summary('Replaces them, if the revision named is still the live one. Whoever comes after the reply comes by these.')
  @Put()
  @Allow('settings:write')
  @ApiIfMatch(true)
  @Answers(AccessDoc)
  @Problems(409, 412, 422, 428)
  async replace(
    @IfMatch() revision: number | null,
    @Body({ schema: AccessInput }) input: AccessInput,
    @CurrentActor() actor: Actor,
  ): Promise<AccessDoc> {
    return this.settings.replace({ revision, actor }, input);
  }

  @Summary('How often each authenticator said what, and what keeps it from answering.')
  @Get('status')
  @Allow('settings:read')
  @Answers(AccessStatus)
  status(): AccessStatus {
    return this.settings.status();
  }

  @Summary('Forgets what authenticators remember of a user name, or of everybody: they are asked anew.')
  @Post('invalidate')
  @Allow('settings:write')
  @Answers(null, 204)
  @Problems(422)
  invalidate(@Body({ schema: InvalidateInput }) input: InvalidateInput, @CurrentActor() actor: Actor): Promise<void> {
    return this.settings.invalidate(input, actor);
  }

  @Summary('Asks the authenticators, or a draft of them, about credentials, and says what each of them said.')
  @Post('try')
  @Allow('settings:write')
  @Answers(TryResult)
  @Problems(422)
  try(@Body({ schema: TryInput }) input: TryInput): Promise<TryResult> {
    return this.trial.try(input);
  }
}

function tagged(response: Response, doc: AccessDoc): AccessDoc {
  response.setHeader('ETag', `"${doc.revision}"`);
  return doc;
}
