import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { ImpactInput, ImpactJob } from './impact.schemas.js';
import { ImpactJobs } from './impact-jobs.js';

@ApiTags('policy')
@Controller('policy/impact')
export class PolicyImpactController {
  constructor(private readonly jobs: ImpactJobs) {}

  @Summary('Begins to find out what a draft would change for live clients, and ends what the caller asked before.')
  @Post()
  @Allow('policy:read')
  @Answers(ImpactJob, 201)
  @Problems(413, 422, 503)
  start(@Body({ schema: ImpactInput }) input: ImpactInput, @CurrentActor() { name }: Actor): ImpactJob {
    return this.jobs.start(name, input);
  }

  @Summary('How far it is, and once it is done what it found.')
  @Get(':id')
  @Allow('policy:read')
  @Answers(ImpactJob)
  @Problems(404)
  get(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() { name }: Actor): ImpactJob {
    return this.jobs.get(name, id);
  }

  @Summary('Ends it, if it has not ended.')
  @Delete(':id')
  @Allow('policy:read')
  @Answers(null, 204)
  @Problems(404)
  cancel(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() { name }: Actor): void {
    this.jobs.cancel(name, id);
  }
}
