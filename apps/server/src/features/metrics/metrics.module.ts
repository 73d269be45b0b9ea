import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { BridgesModule } from '../bridges/bridges.module.js';
import { PublishModule } from '../publish/publish.module.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { MetricHistory } from './history/metric-history.js';
import { SeriesReader } from './history/series-reader.js';
import { HttpProbes } from './http-probes.js';
import { MetricCatalogue } from './metric-catalogue.js';
import { Probes } from './probes.js';
import { ScrapeController } from './scrape.controller.js';
import { SeriesController } from './series.controller.js';

@Module({
  imports: [BridgesModule, BrokerModule, PolicyModule, PublishModule, TrafficModule],
  controllers: [ScrapeController, SeriesController],
  providers: [HttpProbes, MetricCatalogue, MetricHistory, Probes, SeriesReader],
})
export class MetricsModule {}
