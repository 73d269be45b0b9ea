import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { PublishController } from './publish.controller.js';
import { PublishService } from './publish.service.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [PublishController],
  providers: [PublishService],
  exports: [PublishService],
})
export class PublishModule {}
