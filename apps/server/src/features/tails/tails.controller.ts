import { Body, Controller, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Problems, Summary } from '../../http/answers.decorator.js';
import { NDJSON } from '../../http/ndjson.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { TailInput, TailLine } from './tail.schemas.js';
import { TailsService } from './tails.service.js';

@ApiTags('tails')
@Controller('tails')
export class TailsController {
  constructor(private readonly tails: TailsService) {}

  @Summary('Messages as they pass, for as long as the caller reads: a line of JSON each quarter of a second, audited.')
  @Post()
  @HttpCode(200)
  @Allow('messages:read')
  @ApiProduces(NDJSON)
  @ApiResponse({ status: 200, description: 'The stream, line by line.', standardSchema: TailLine })
  @Problems(409, 422, 429, 503)
  async start(@Body({ schema: TailInput }) input: TailInput, @Req() request: PerchRequest): Promise<StreamableFile> {
    return new StreamableFile(await this.tails.start(input, request), { type: NDJSON });
  }
}
