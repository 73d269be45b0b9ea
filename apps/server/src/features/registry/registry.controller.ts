import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { RegistryDoc, RegistryQuery } from './registry.schemas.js';
import { RegistryService } from './registry.service.js';

@ApiTags('registry')
@Controller('registry')
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  @Summary('The services that are registered, with who registered them and until when.')
  @Get()
  @Allow('clients:read')
  @Answers(RegistryDoc)
  @Problems(400)
  list(@Query({ schema: RegistryQuery }) query: RegistryQuery): RegistryDoc {
    return this.registry.list(query);
  }
}
