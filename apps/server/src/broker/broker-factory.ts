import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { version } from '../config/version.js';
import { PolicyService } from '../policy/policy.service.js';
import { UserAuthenticator } from '../policy/user-authenticator.js';
import { brokerLimits } from './broker-limits.js';
import { PostgresPresenceStore } from './stores/postgres-presence-store.js';
import { PostgresRetainedStore } from './stores/postgres-retained-store.js';

/** Makes the broker of this process from the control plane's parts. */
@Injectable()
export class BrokerFactory {
  private readonly logger = new Logger('broker');

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly policy: PolicyService,
    private readonly authenticator: UserAuthenticator,
    private readonly retained: PostgresRetainedStore,
    private readonly presence: PostgresPresenceStore,
  ) {}

  make(): Broker {
    return new Broker({
      authenticator: this.authenticator,
      policy: this.policy.compiled,
      retainedStore: this.retained,
      limits: brokerLimits(this.config),
      nodeName: hostname(),
      version,
      report: (error, what) => this.logger.warn(`${what}: ${error instanceof Error ? error.stack : String(error)}`),
      forgotten: (clientId) => this.presence.forget(clientId),
    });
  }
}
