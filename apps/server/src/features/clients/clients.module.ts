import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { BanModule } from '../../policy/bans/ban.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ClientBulkService } from './client-bulk.service.js';
import { ClientRanks } from './client-ranks.js';
import { ClientFinder } from './client-finder.js';
import { ClientsBatchController } from './clients-batch.controller.js';
import { ClientsController } from './clients.controller.js';
import { ClientsService } from './clients.service.js';
import { DeniedClients } from './denied-clients.js';
import { TimelineService } from './timeline.service.js';
import { TimelineStore } from './timeline.store.js';

@Module({
  imports: [AuditModule, BanModule, BrokerModule],
  controllers: [ClientsBatchController, ClientsController],
  exports: [ClientsService],
  providers: [
    ClientsService,
    ClientBulkService,
    ClientFinder,
    ClientRanks,
    DeniedClients,
    TimelineService,
    TimelineStore,
  ],
})
export class ClientsModule {}
