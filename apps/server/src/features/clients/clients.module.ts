import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { BanModule } from '../../policy/bans/ban.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ClientsController } from './clients.controller.js';
import { ClientsService } from './clients.service.js';
import { TimelineService } from './timeline.service.js';
import { TimelineStore } from './timeline.store.js';

@Module({
  imports: [AuditModule, BanModule, BrokerModule],
  controllers: [ClientsController],
  providers: [ClientsService, TimelineService, TimelineStore],
})
export class ClientsModule {}
