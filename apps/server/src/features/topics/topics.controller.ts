import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import {
  TopicChildren,
  TopicChildrenQuery,
  TopicRateList,
  TopicRateQuery,
  TopicSubscriberPage,
  TopicSubscriberQuery,
} from './topic.schemas.js';
import { TopicRates } from './topic-rates.js';
import { TopicSubscribers } from './topic-subscribers.js';
import { TopicTreeReader } from './topic-tree-reader.js';

@ApiTags('topics')
@Controller('topics')
export class TopicsController {
  constructor(
    private readonly tree: TopicTreeReader,
    private readonly rates: TopicRates,
    private readonly subscribers: TopicSubscribers,
  ) {}

  @Summary('The levels that follow a topic, as far as retained messages and subscriptions of clients name them.')
  @Get()
  @Allow('retained:read')
  @Answers(TopicChildren)
  @Problems(400)
  children(@Query({ schema: TopicChildrenQuery }) query: TopicChildrenQuery): Promise<TopicChildren> {
    return this.tree.children(query);
  }

  @Summary('How many messages are published to each of these topics a second.')
  @Post('rates')
  @HttpCode(200)
  @Allow('retained:read')
  @Answers(TopicRateList)
  @Problems(422)
  ratesOf(@Body({ schema: TopicRateQuery }) { topics }: TopicRateQuery): TopicRateList {
    return { rates: this.rates.of(topics) };
  }

  @Summary('The subscriptions that a topic, or some topic of a filter, leads to; by client id and filter.')
  @Get('subscribers')
  @Allow('clients:read')
  @Answers(TopicSubscriberPage)
  @Problems(400)
  subscribersOf(@Query({ schema: TopicSubscriberQuery }) query: TopicSubscriberQuery): Promise<TopicSubscriberPage> {
    return this.subscribers.page(query);
  }
}
