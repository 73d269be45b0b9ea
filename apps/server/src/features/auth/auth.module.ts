import { Module } from '@nestjs/common';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { LoginThrottle } from './login-throttle.js';

@Module({
  imports: [OperatorsModule, AuditModule, PolicyModule],
  controllers: [AuthController],
  providers: [AuthService, LoginThrottle],
  exports: [LoginThrottle],
})
export class AuthModule {}
