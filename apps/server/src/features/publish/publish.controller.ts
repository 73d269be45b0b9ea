import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { Publication, Published } from './publish.schemas.js';
import { messageFrom, PublishService } from './publish.service.js';

@ApiTags('publish')
@Controller('publish')
export class PublishController {
  constructor(private readonly publisher: PublishService) {}

  @Summary('Publishes one message. The reply follows the commit of everything that must survive a crash.')
  @Post()
  @Allow('messages:write')
  @Answers(Published)
  @Problems(413, 422, 503)
  message(@Body({ schema: Publication }) input: Publication, @CurrentActor() actor: Actor): Promise<Published> {
    return this.publisher.publish(messageFrom(input), { action: 'publish.message', actor });
  }
}
