import { Controller, Delete, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { OperatorAccessService } from './operator-access.service.js';
import { OperatorSessionList, OperatorSessionParams } from './operator-session.schemas.js';

@ApiTags('operators')
@Controller('operators/:id')
export class OperatorAccessController {
  constructor(private readonly access: OperatorAccessService) {}

  @Summary('In which browsers an operator is signed in, the latest first.')
  @Get('sessions')
  @Allow('operators:read')
  @Answers(OperatorSessionList)
  @Problems(404)
  list(@Param({ schema: IdParam }) { id }: IdParam, @Req() { signedIn }: PerchRequest): Promise<OperatorSessionList> {
    return this.access.list(id, signedIn?.id ?? null);
  }

  @Summary('Signs an operator out of every browser.')
  @Delete('sessions')
  @Allow('operators:write')
  @Answers(null, 204)
  @Problems(404)
  endAll(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.access.endAll(id, actor);
  }

  @Summary('Signs an operator out of one browser.')
  @Delete('sessions/:sessionId')
  @Allow('operators:write')
  @Answers(null, 204)
  @Problems(404)
  end(
    @Param({ schema: OperatorSessionParams }) { id, sessionId }: OperatorSessionParams,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.access.end(id, sessionId, actor);
  }

  @Summary('Takes the second factor off an operator who lost it; their sessions end.')
  @Delete('second-factor')
  @Allow('operators:write')
  @Answers(null, 204)
  @Problems(404)
  resetSecondFactor(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.access.resetSecondFactor(id, actor);
  }
}
