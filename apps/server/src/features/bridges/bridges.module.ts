import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { BridgesController } from './bridges.controller.js';
import { BridgesService } from './bridges.service.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [BridgesController],
  providers: [BridgesService],
  exports: [BridgesService],
})
export class BridgesModule {}
