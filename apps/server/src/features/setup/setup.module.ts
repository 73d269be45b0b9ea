import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { FirstOperator } from './first-operator.js';
import { SetupController } from './setup.controller.js';
import { SetupLink } from './setup-link.js';
import { SetupService } from './setup.service.js';
import { SetupStore } from './setup.store.js';

@Module({
  imports: [AuthModule, OperatorsModule],
  controllers: [SetupController],
  providers: [SetupService, SetupLink, SetupStore, FirstOperator],
})
export class SetupModule {}
