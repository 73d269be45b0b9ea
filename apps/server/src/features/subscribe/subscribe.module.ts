import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SignInModule } from '../sign-in/sign-in.module.js';
import { OperatorStreams } from './operator-streams.js';
import { SubscribeController } from './subscribe.controller.js';
import { SubscribeService } from './subscribe.service.js';

@Module({
  imports: [AuditModule, BrokerModule, SignInModule],
  controllers: [SubscribeController],
  providers: [OperatorStreams, SubscribeService],
})
export class SubscribeModule {}
