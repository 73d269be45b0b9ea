import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Summary } from '../../http/answers.decorator.js';
import { BridgesDoc } from './bridge.schemas.js';
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
}
