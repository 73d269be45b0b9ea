import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { Shadow, ShadowInput, ShadowReport } from './shadow.schemas.js';
import { ShadowService } from './shadow.service.js';

@ApiTags('policy')
@Controller('policy/shadow')
export class PolicyShadowController {
  constructor(private readonly shadow: ShadowService) {}

  @Summary('What is judged beside the live policy: a draft, or the rules in shadow mode.')
  @Get()
  @Allow('policy:read')
  @Answers(Shadow)
  get(): Shadow {
    return this.shadow.get();
  }

  @Summary('Judges a draft beside the live policy from now on: nothing is enforced, differences are counted.')
  @Put()
  @Allow('policy:write')
  @Answers(Shadow)
  @Problems(413, 422, 503)
  start(@Body({ schema: ShadowInput }) input: ShadowInput, @CurrentActor() actor: Actor): Promise<Shadow> {
    return this.shadow.start(input, actor);
  }

  @Summary('Judges no draft beside the live policy any more.')
  @Delete()
  @Allow('policy:write')
  @Answers(null, 204)
  @Problems(503)
  stop(@CurrentActor() actor: Actor): Promise<void> {
    return this.shadow.stop(actor);
  }

  @Summary('What the shadow would have refused or allowed, by rule and by client, since it began.')
  @Get('report')
  @Allow('policy:read')
  @Answers(ShadowReport)
  report(): ShadowReport {
    return this.shadow.report();
  }
}
