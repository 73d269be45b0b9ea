import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { MetricCatalogue } from './metric-catalogue.js';
import { Probes } from './probes.js';
import { ScrapeController } from './scrape.controller.js';

@Module({
  imports: [BrokerModule, PolicyModule],
  controllers: [ScrapeController],
  providers: [MetricCatalogue, Probes],
})
export class MetricsModule {}
