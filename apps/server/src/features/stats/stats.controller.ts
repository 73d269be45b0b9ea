import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Summary } from '../../http/answers.decorator.js';
import { Stats } from './stats.schemas.js';
import { StatsService } from './stats.service.js';

@ApiTags('stats')
@Controller('stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Summary('Totals since the start. `/series` has them over time.')
  @Get()
  @Allow('stats:read')
  @Answers(Stats)
  get(): Stats {
    return this.stats.current();
  }
}
