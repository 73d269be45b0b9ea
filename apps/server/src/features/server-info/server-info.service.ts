import { Injectable } from '@nestjs/common';
import { Listeners } from '../../boot/listeners.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { version } from '../../config/version.js';
import { Database } from '../../database/database.js';
import { AccessControl } from '../../policy/access-control.js';
import { PolicyService } from '../../policy/policy.service.js';
import { nodeName } from './node-name.js';
import type { ServerInfo } from './server-info.schemas.js';

/** Says what this server is and where it listens. */
@Injectable()
export class ServerInfoService {
  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly listeners: Listeners,
    private readonly database: Database,
    private readonly access: AccessControl,
    private readonly policy: PolicyService,
  ) {}

  info(): ServerInfo {
    return {
      version,
      node: nodeName,
      name: this.config.brokerName ?? nodeName,
      publicHost: this.config.publicHost ?? null,
      listeners: [...this.listeners.list()],
      database: this.database.kind,
      anonymous: this.access.allowsAnonymous,
      isOpen: this.access.allowsAnonymous && this.policy.current.policy.settings.noMatch === 'allow',
    };
  }
}
