import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Summary } from '../../http/answers.decorator.js';
import { Traffic } from './traffic.schemas.js';
import { TrafficWatch } from './traffic-watch.js';

@ApiTags('traffic')
@Controller('traffic')
export class TrafficController {
  constructor(private readonly traffic: TrafficWatch) {}

  @Summary('Clients that are worth a look: those that talk most, that are behind, and that come and go.')
  @Get()
  @Allow('clients:read')
  @Answers(Traffic)
  get(): Traffic {
    return this.traffic.current();
  }
}
