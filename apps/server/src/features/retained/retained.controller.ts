import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import {
  FilterQuery,
  MessageQuery,
  RetainedCount,
  RetainedInput,
  RetainedItem,
  RetainedMessage,
  RetainedPage,
  RetainedQuery,
  TopicQuery,
} from './retained.schemas.js';
import { RetainedService } from './retained.service.js';

@ApiTags('retained')
@Controller('retained')
export class RetainedController {
  constructor(private readonly retained: RetainedService) {}

  @Summary('One page of retained messages whose topics match a filter, by topic, level by level, without payloads.')
  @Get()
  @Allow('retained:read')
  @Answers(RetainedPage)
  @Problems(400)
  list(@Query({ schema: RetainedQuery }) query: RetainedQuery): Promise<RetainedPage> {
    return this.retained.list(query);
  }

  @Summary('How many retained messages a filter matches.')
  @Get('count')
  @Allow('retained:read')
  @Answers(RetainedCount)
  @Problems(400)
  async count(@Query({ schema: FilterQuery }) { filter }: FilterQuery): Promise<RetainedCount> {
    return { count: await this.retained.count(filter) };
  }

  @Summary('The retained message of one topic.')
  @Get('message')
  @Allow('messages:read')
  @Answers(RetainedMessage)
  @Problems(400, 404)
  get(@Query({ schema: MessageQuery }) query: MessageQuery, @CurrentActor() actor: Actor): Promise<RetainedMessage> {
    return this.retained.read(query, actor);
  }

  @Summary('Publishes a retained message; subscribers see it, and the reply follows its commit.')
  @Put('message')
  @Allow('messages:write')
  @Answers(RetainedItem)
  @Problems(400, 413, 422, 503)
  put(
    @Query({ schema: TopicQuery }) { topic }: TopicQuery,
    @Body({ schema: RetainedInput }) input: RetainedInput,
    @CurrentActor() actor: Actor,
  ): Promise<RetainedItem> {
    return this.retained.put(topic, input, actor);
  }

  @Summary('Forgets the retained message of one topic; subscribers see its empty successor [MQTT-3.3.1-10].')
  @Delete('message')
  @Allow('messages:write')
  @Answers(null, 204)
  @Problems(400, 404, 503)
  remove(@Query({ schema: TopicQuery }) { topic }: TopicQuery, @CurrentActor() actor: Actor): Promise<void> {
    return this.retained.remove(topic, actor);
  }

  @Summary('Publishes the message that was deleted within the last minute again, with its properties and its expiry.')
  @Post('message/restore')
  @Allow('messages:write')
  @Answers(RetainedItem)
  @Problems(400, 404, 409, 503)
  restore(@Query({ schema: TopicQuery }) { topic }: TopicQuery, @CurrentActor() actor: Actor): Promise<RetainedItem> {
    return this.retained.restore(topic, actor);
  }
}
