import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { StatsController } from './stats.controller.js';
import { StatsService } from './stats.service.js';

@Module({ imports: [BrokerModule], controllers: [StatsController], providers: [StatsService] })
export class StatsModule {}
