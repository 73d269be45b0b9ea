import { Module } from '@nestjs/common';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { PasswordProofs } from './password-proofs.js';

@Module({
  imports: [AuditModule, AuthModule, OperatorsModule, PolicyModule],
  controllers: [AccountController],
  providers: [AccountService, PasswordProofs],
})
export class AccountModule {}
