import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { BridgeName, BridgesDoc, BridgeTestResult } from './bridge.schemas.js';
import { BridgesService } from './bridges.service.js';

@ApiTags('bridges')
@Controller('bridges')
export class BridgesController {
  constructor(private readonly bridges: BridgesService) {}

  @Summary('What the bridges are doing that hand events on: to a webhook, to files.')
  @Get()
  @Allow('settings:read')
  @Answers(BridgesDoc)
  list(): BridgesDoc {
    return { items: this.bridges.list() };
  }

  @Summary('Sends a test event over a bridge, past those that wait, and says what came of it.')
  @Post(':name/test')
  @HttpCode(200)
  @Allow('settings:write')
  @Answers(BridgeTestResult)
  @Problems(404)
  test(@Param({ schema: BridgeName }) { name }: BridgeName, @CurrentActor() actor: Actor): Promise<BridgeTestResult> {
    return this.bridges.test(name, actor);
  }
}
