import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { TopicSubscribers } from './topic-subscribers.js';
import { TopicTreeReader } from './topic-tree-reader.js';
import { TopicsController } from './topics.controller.js';

/** What is published to: the tree of topics, and who is subscribed. */
@Module({
  imports: [BrokerModule],
  controllers: [TopicsController],
  providers: [TopicTreeReader, TopicSubscribers],
})
export class TopicsModule {}
