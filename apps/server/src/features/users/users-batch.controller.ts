import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { BulkChange, BulkResult } from './bulk.schemas.js';
import { UserImport, UserImportResult } from './import.schemas.js';
import { UserBulkService } from './user-bulk.service.js';
import { UserExport } from './user-export.js';
import { UserImportService } from './user-import.service.js';
import { UserFilter } from './user.schemas.js';

/** Many users at once. Before the controller of one: `export` is nobody's id. */
@ApiTags('users')
@Controller('users')
export class UsersBatchController {
  constructor(
    private readonly bulk: UserBulkService,
    private readonly imports: UserImportService,
    private readonly exports: UserExport,
  ) {}

  @Summary(
    'Disables, enables, deletes or labels many users; connections that they may not keep are closed before the reply.',
  )
  @Post('bulk')
  @Allow('users:write')
  @Answers(BulkResult)
  @Problems(413, 422)
  change(@Body({ schema: BulkChange }) input: BulkChange, @CurrentActor() actor: Actor): Promise<BulkResult> {
    return this.bulk.run(input, actor);
  }

  @Summary('Takes in users from a CSV file or a Mosquitto password file, or says what would become of each row.')
  @Post('import')
  @Allow('users:write')
  @Answers(UserImportResult)
  @Problems(409, 413, 422)
  import(@Body({ schema: UserImport }) input: UserImport, @CurrentActor() actor: Actor): Promise<UserImportResult> {
    return this.imports.run(input, actor);
  }

  @Summary('Users as CSV, without secrets. An import takes the same file back.')
  @Get('export')
  @Allow('users:read')
  @ApiOkResponse({ description: 'The file.', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Problems(400)
  export(@Query({ schema: UserFilter }) filter: UserFilter): StreamableFile {
    return new StreamableFile(Readable.from(this.exports.lines(filter)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="users.csv"',
    });
  }
}
