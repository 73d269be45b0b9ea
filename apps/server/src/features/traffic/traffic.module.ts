import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { BanModule } from '../../policy/bans/ban.module.js';
import { TrafficController } from './traffic.controller.js';
import { TrafficWatch } from './traffic-watch.js';

@Module({
  imports: [BrokerModule, BanModule],
  controllers: [TrafficController],
  providers: [TrafficWatch],
  exports: [TrafficWatch],
})
export class TrafficModule {}
