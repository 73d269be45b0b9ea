import { Readable } from 'node:stream';
import { Controller, Get, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { NDJSON } from '../../http/ndjson.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { ImportQuery, RetainedImportResult, RetainedLine } from './retained-file.schemas.js';
import { FilterQuery } from './retained.schemas.js';
import { RetainedExport } from './retained-export.js';
import { RetainedImport } from './retained-import.js';

/** Retained messages as files, a line of JSON for each. */
@ApiTags('retained')
@Controller('retained')
export class RetainedFileController {
  constructor(
    private readonly exports: RetainedExport,
    private readonly imports: RetainedImport,
  ) {}

  @Summary('The retained messages that a filter matches, with payloads: a line of JSON each, in no order. Audited.')
  @Get('export')
  @Allow('messages:read')
  @ApiProduces(NDJSON)
  @ApiResponse({ status: 200, description: 'The file, line by line.', standardSchema: RetainedLine })
  @Problems(400)
  async export(
    @Query({ schema: FilterQuery }) { filter }: FilterQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const lines = await this.exports.start(filter, actor);
    return new StreamableFile(Readable.from(lines), {
      type: NDJSON,
      disposition: 'attachment; filename="retained.ndjson"',
    });
  }

  @Summary('Publishes the retained messages of such a file, however long. A line that is wrong keeps no other out.')
  @Post('import')
  @Allow('messages:write')
  @ApiConsumes(NDJSON)
  @ApiBody({ description: 'The file, line by line.', schema: { type: 'string' } })
  @Answers(RetainedImportResult)
  @Problems(400, 503)
  import(
    @Query({ schema: ImportQuery }) query: ImportQuery,
    @Req() request: PerchRequest,
    @CurrentActor() actor: Actor,
  ): Promise<RetainedImportResult> {
    const isOther = request.headers['content-type'] !== undefined && !request.is(NDJSON);
    if (isOther) throw new ApiError('unsupported-media-type', `Send the body as ${NDJSON}.`);
    return this.imports.run(request, query, actor);
  }
}
