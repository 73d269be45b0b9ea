import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { OperatorsService } from '../operators/operators.service.js';
import { SetupLink } from './setup-link.js';

/** Makes the operator `admin` at the first start when a password for it is configured. */
@Injectable()
export class FirstOperator implements OnModuleInit {
  private readonly log = new Logger('Setup');

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly operators: OperatorsService,
    private readonly link: SetupLink,
  ) {}

  async onModuleInit(): Promise<void> {
    const { adminPassword: password } = this.config;
    if (password === undefined || !(await this.operators.isEmpty())) return;
    const actor = { name: 'admin', address: 'local', requestId: 'start', role: null };
    await this.operators.createFirst({ name: 'admin', password }, actor, (tx) => this.link.consume(tx));
    this.log.log('Made the operator "admin" with the configured password.');
  }
}
