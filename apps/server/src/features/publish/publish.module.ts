import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { EventController } from './event.controller.js';
import { PublishController } from './publish.controller.js';
import { PublishPaces } from './publish-paces.js';
import { PublishService } from './publish.service.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [EventController, PublishController],
  providers: [PublishPaces, PublishService],
  exports: [PublishService],
})
export class PublishModule {}
