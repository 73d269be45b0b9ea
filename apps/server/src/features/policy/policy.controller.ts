import { Body, Controller, Get, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ApiIfMatch, IfMatch } from '../../http/if-match.js';
import { ImportAnswer, ImportFile, ImportReport, PolicyImport } from './import.schemas.js';
import { ExportQuery, PolicyChange, PolicyDoc, PolicyInput } from './policy.schemas.js';
import { PolicyEditor } from './policy-editor.js';
import { PolicyImporter } from './policy-importer.js';
import { PolicyReader } from './policy-reader.js';

@ApiTags('policy')
@Controller('policy')
export class PolicyController {
  constructor(
    private readonly reader: PolicyReader,
    private readonly editor: PolicyEditor,
    private readonly importer: PolicyImporter,
  ) {}

  @Summary('The live policy with its access tests. Its revision is also the ETag.')
  @Get()
  @Allow('policy:read')
  @Answers(PolicyDoc)
  get(@Res({ passthrough: true }) response: Response): PolicyDoc {
    const doc = this.reader.current();
    response.setHeader('ETag', `"${doc.revision}"`);
    return doc;
  }

  @Summary(
    'Replaces the whole policy, if the revision named is still the live one and its access tests pass; it is enforced ' +
      'before the reply, which says what live sessions lost.',
  )
  @Put()
  @Allow('policy:write')
  @ApiIfMatch(true)
  @Answers(PolicyChange)
  @Problems(412, 413, 422, 428)
  replace(
    @IfMatch() revision: number | null,
    @Body({ schema: PolicyInput }) input: PolicyInput,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.editor.replace({ ...input, revision, actor }, input);
  }

  @Summary('What a file of rules comes to here, and where it would not mean the same. Nothing is changed.')
  @Post('import/analyse')
  @Allow('policy:read')
  @Answers(ImportReport)
  @Problems(413, 422)
  analyse(@Body({ schema: ImportFile }) file: ImportFile): ImportReport {
    return this.importer.analyse(file);
  }

  @Summary(
    'Takes rules, and users, from a file. Every error is answered at once, and nothing is imported while there is one.',
  )
  @Post('import')
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(ImportAnswer)
  @Problems(412, 413, 422)
  import(
    @IfMatch() revision: number | null,
    @Body({ schema: PolicyImport }) input: PolicyImport,
    @CurrentActor() actor: Actor,
  ): Promise<ImportAnswer> {
    return this.importer.import({ ...input, revision, actor }, input);
  }

  @Summary('The live policy as a file: acl.conf text, or JSON without loss.')
  @Get('export')
  @Allow('policy:read')
  @ApiOkResponse({
    description: 'The file.',
    content: {
      'text/plain': { schema: { type: 'string' } },
      'application/json': { schema: { $ref: '#/components/schemas/PolicyDoc' } },
    },
  })
  @Problems(400)
  export(
    @Query({ schema: ExportQuery }) { format }: ExportQuery,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const file = this.reader.exportAs(format);
    response.type(file.type).attachment(file.name);
    return file.text;
  }
}
