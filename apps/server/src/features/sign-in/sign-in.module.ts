import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { SignIns } from './sign-ins.js';

@Module({ imports: [OperatorsModule, ApiKeysModule], providers: [SignIns], exports: [SignIns] })
export class SignInModule {}
