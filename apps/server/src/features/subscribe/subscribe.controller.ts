import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AlsoClients, Allow } from '../../http/allow.decorator.js';
import { Problems, Summary } from '../../http/answers.decorator.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { SubscribeQuery } from './subscribe.schemas.js';
import { SubscribeService } from './subscribe.service.js';

const EVENT_STREAM = 'text/event-stream';

@ApiTags('subscribe')
@Controller('subscribe')
export class SubscribeController {
  constructor(private readonly streams: SubscribeService) {}

  @Summary(
    'What the filters match, as server-sent events for as long as the caller reads. docs/protocols/http.md has them.',
  )
  @Get()
  @Allow('messages:read')
  @AlsoClients()
  @ApiProduces(EVENT_STREAM)
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Where an earlier stream broke off.' })
  @ApiResponse({ status: 200, description: 'The stream, event by event.' })
  @Problems(400, 429, 503)
  open(
    @Query({ schema: SubscribeQuery }) query: SubscribeQuery,
    @Req() request: PerchRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.open(query, request, response);
  }
}
