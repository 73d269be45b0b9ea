import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SignInModule } from '../sign-in/sign-in.module.js';
import { TailsController } from './tails.controller.js';
import { TailsService } from './tails.service.js';

@Module({
  imports: [AuditModule, BrokerModule, SignInModule],
  controllers: [TailsController],
  providers: [TailsService],
})
export class TailsModule {}
