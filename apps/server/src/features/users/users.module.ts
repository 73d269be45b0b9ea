import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';
import { UsersStore } from './users.store.js';

@Module({
  imports: [AuditModule, BrokerModule, PolicyModule],
  controllers: [UsersController],
  providers: [UsersService, UsersStore],
})
export class UsersModule {}
