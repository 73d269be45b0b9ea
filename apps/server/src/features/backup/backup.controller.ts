import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { BackupWriter } from './backup-writer.js';
import { BackupQuery, RestoreInput, RestorePlan, RestoreQuestion } from './backup.schemas.js';
import { RestoreService } from './restore.service.js';

@ApiTags('backup')
@Controller('backup')
export class BackupController {
  constructor(
    private readonly writer: BackupWriter,
    private readonly restores: RestoreService,
  ) {}

  @Summary('The whole configuration as one file of JSON, as it is in this moment. With secrets it is one itself.')
  @Get()
  @Allow('backup:read')
  @ApiOkResponse({ description: 'The file.', content: { 'application/json': { schema: { type: 'object' } } } })
  @Problems(400, 413)
  async export(
    @Query({ schema: BackupQuery }) query: BackupQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { name, pieces } = await this.writer.write(query, actor);
    return new StreamableFile(Readable.from(pieces), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="${name}"`,
    });
  }

  @Summary('What a restore of this file would create, change, remove and leave. Nothing is changed.')
  @Post('plan')
  @Allow('backup:write')
  @Answers(RestorePlan)
  @Problems(413, 422, 503)
  plan(
    @Body({ schema: RestoreQuestion }) question: RestoreQuestion,
    @CurrentActor() actor: Actor,
  ): Promise<RestorePlan> {
    return this.restores.plan(question, actor);
  }

  @Summary('Restores a file exactly as the plan that is named said: all of it, or nothing. It holds before the reply.')
  @Post('restore')
  @Allow('backup:write')
  @Answers(RestorePlan)
  @Problems(409, 412, 413, 422, 503)
  restore(@Body({ schema: RestoreInput }) input: RestoreInput, @CurrentActor() actor: Actor): Promise<RestorePlan> {
    return this.restores.restore(input, actor);
  }
}
