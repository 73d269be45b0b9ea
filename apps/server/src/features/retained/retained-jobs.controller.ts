import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { RetainedDeletion, RetainedJob, RetainedJobs as JobList } from './retained-job.schemas.js';
import { RetainedJobs } from './retained-jobs.js';

@ApiTags('retained')
@Controller('retained/jobs')
export class RetainedJobsController {
  constructor(private readonly jobs: RetainedJobs) {}

  @Summary('What was deleted and put back in bulk, and how far that is.')
  @Get()
  @Allow('retained:read')
  @Answers(JobList)
  list(): JobList {
    return this.jobs.list();
  }

  @Summary('Begins to delete every retained message that a filter matches now; subscribers see their empty successors.')
  @Post()
  @Allow('messages:write')
  @Answers(RetainedJob, 201)
  @Problems(400, 409, 422)
  delete(@Body({ schema: RetainedDeletion }) input: RetainedDeletion, @CurrentActor() actor: Actor) {
    return this.jobs.delete(input, actor);
  }

  @Summary('Ends the job before it is through. What it did stays done, and can be undone as if it had been all.')
  @Post(':id/stop')
  @Allow('messages:write')
  @Answers(RetainedJob)
  @Problems(404)
  stop(@Param({ schema: IdParam }) { id }: IdParam): Promise<RetainedJob> {
    return this.jobs.stop(id);
  }

  @Summary('Begins to publish again what a deletion that ended within the last minute took away.')
  @Post(':id/undo')
  @Allow('messages:write')
  @Answers(RetainedJob, 201)
  @Problems(404, 409)
  undo(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<RetainedJob> {
    return this.jobs.restore(id, actor);
  }
}
