import { Readable } from 'node:stream';
import { Body, Controller, Get, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { AuditExport } from './audit-export.js';
import { AuditRetention as RetentionService } from './audit-retention.js';
import { AuditExportQuery, AuditPage, AuditQuery, AuditReport, AuditRetention } from './audit.schemas.js';
import { AuditService } from './audit.service.js';
import { AuditVerifier } from './audit-verifier.js';

const text = { schema: { type: 'string' } };

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly exports: AuditExport,
    private readonly verifier: AuditVerifier,
    private readonly retention: RetentionService,
  ) {}

  @Summary('What operators changed and were refused to change, newest first.')
  @Get()
  @Allow('audit:read')
  @Answers(AuditPage)
  @Problems(400)
  list(@Query({ schema: AuditQuery }) query: AuditQuery): Promise<AuditPage> {
    return this.audit.list(query);
  }

  @Summary('The same as a file, newest first: a line of JSON for each entry, or CSV. That it was taken is in the log.')
  @Get('export')
  @Allow('audit:read')
  @ApiOkResponse({ description: 'The file.', content: { 'application/x-ndjson': text, 'text/csv': text } })
  @Problems(400)
  async export(
    @Query({ schema: AuditExportQuery }) query: AuditExportQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    await this.audit.record(actor, { action: 'audit.export', object: 'audit', after: query });
    return new StreamableFile(Readable.from(this.exports.lines(query)), {
      type: query.format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson',
      disposition: `attachment; filename="audit.${query.format}"`,
    });
  }

  @Summary('Whether every entry is as it was written and none is missing, by the hash that each carries.')
  @Get('verify')
  @Allow('audit:read')
  @Answers(AuditReport)
  verify(): Promise<AuditReport> {
    return this.verifier.verify();
  }

  @Summary('How long entries are kept.')
  @Get('retention')
  @Allow('audit:read')
  @Answers(AuditRetention)
  getRetention(): Promise<AuditRetention> {
    return this.retention.get();
  }

  @Summary(
    'Changes how long entries are kept. What is too old then is removed within an hour; the rest can still be verified.',
  )
  @Put('retention')
  @Allow('settings:write')
  @Answers(AuditRetention)
  @Problems(422)
  setRetention(
    @Body({ schema: AuditRetention }) input: AuditRetention,
    @CurrentActor() actor: Actor,
  ): Promise<AuditRetention> {
    return this.retention.set(input, actor);
  }
}
