import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { Health } from './health.schemas.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Summary('Whether this process answers at all.')
  @Get('live')
  @Public()
  @Answers(Health)
  live(): Health {
    return this.health.live();
  }

  @Summary('Whether this process may take traffic: database and broker are there.')
  @Get('ready')
  @Public()
  @Answers(Health)
  @Problems(503)
  ready(): Promise<Health> {
    return this.health.ready();
  }
}
