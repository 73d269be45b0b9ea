import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({ imports: [AuditModule, BrokerModule], controllers: [SessionsController], providers: [SessionsService] })
export class SessionsModule {}
