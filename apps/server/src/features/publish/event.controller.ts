import { isUtf8 } from 'node:buffer';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AlsoClients, Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { PublishPaces } from './publish-paces.js';
import { PublishService } from './publish.service.js';
import { CurrentSender, type Sender } from './sender.js';

/** What a client of FLOCK publishes. */
interface FlockEvent {
  readonly topic: string;
  /** JSON, as it was sent. */
  readonly payload: Buffer;
}

const PATH = /\/event\/(.*)$/s;

/** Publishing as clients of FLOCK do it. */
@ApiTags('publish')
@Controller('event')
export class EventController {
  constructor(
    private readonly publisher: PublishService,
    private readonly paces: PublishPaces,
  ) {}

  @Summary('Publishes the body, which is JSON, to the topic in the path. `Perch-Delivered` says how many were sent it.')
  @Post('*topic')
  @ApiParam({ name: 'topic', description: 'May hold slashes.' })
  @Allow('messages:write')
  @AlsoClients()
  @Answers(null, 204)
  @Problems(400, 413, 415, 422, 429, 503)
  async publish(
    @Req() request: PerchRequest,
    @CurrentSender() sender: Sender,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { topic, payload } = eventIn(request);
    this.paces.spend(sender.pacedAs, [payload]);
    const { delivered } = await this.publisher.publishFor({ topic, payload, qos: 0, retain: false }, sender);
    response.setHeader('Perch-Delivered', String(delivered));
  }
}

/** The topic in the path, slashes and all, and the JSON in the body. */
function eventIn({ path, body }: PerchRequest): FlockEvent {
  return { topic: topicIn(PATH.exec(path)?.[1] ?? ''), payload: jsonIn(body) };
}

function topicIn(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ApiError('bad-request', 'The topic in the path is not encoded as a URL needs it.');
  }
}

function jsonIn(body: unknown): Buffer {
  const payload = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  try {
    if (!isUtf8(payload)) throw new SyntaxError('not UTF-8');
    JSON.parse(payload.toString());
    return payload;
  } catch {
    throw new ApiError('bad-json', 'The body has to be JSON.');
  }
}
