import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { RefusedKeys } from './refused-keys.js';
import { SignIns } from './sign-ins.js';

@Module({
  imports: [AuditModule, OperatorsModule, ApiKeysModule],
  providers: [RefusedKeys, SignIns],
  exports: [RefusedKeys, SignIns],
})
export class SignInModule {}
