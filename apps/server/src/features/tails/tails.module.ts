import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { TailsController } from './tails.controller.js';
import { TailsService } from './tails.service.js';

@Module({
  imports: [AuditModule, BrokerModule, OperatorsModule],
  controllers: [TailsController],
  providers: [TailsService],
})
export class TailsModule {}
