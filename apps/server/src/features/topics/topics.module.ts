import { Module, type OnModuleDestroy } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { BrokerModule } from '../../broker/broker.module.js';
import { TopicSubscribers } from './topic-subscribers.js';
import { TopicRates } from './topic-rates.js';
import { TopicTreeReader } from './topic-tree-reader.js';
import { TopicsController } from './topics.controller.js';

/** What is published to: the tree of topics, and who is subscribed. */
@Module({
  imports: [BrokerModule],
  controllers: [TopicsController],
  providers: [{ provide: TopicRates, inject: [Broker], useFactory: ratesOf }, TopicTreeReader, TopicSubscribers],
})
export class TopicsModule implements OnModuleDestroy {
  constructor(private readonly rates: TopicRates) {}

  onModuleDestroy(): void {
    this.rates.close();
  }
}

function ratesOf(broker: Broker): TopicRates {
  return new TopicRates(broker);
}
