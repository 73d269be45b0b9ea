import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { PublishModule } from '../publish/publish.module.js';
import { DeletedMessages } from './deleted-messages.js';
import { RetainedController } from './retained.controller.js';
import { RetainedService } from './retained.service.js';

@Module({
  imports: [AuditModule, BrokerModule, PublishModule],
  controllers: [RetainedController],
  providers: [RetainedService, DeletedMessages],
})
export class RetainedModule {}
