import { Injectable } from '@nestjs/common';
import { Listeners } from '../../boot/listeners.js';
import { version } from '../../config/version.js';
import { Database } from '../../database/database.js';
import { AccessControl } from '../../policy/access-control.js';
import { nodeName } from './node-name.js';
import type { ServerInfo } from './server-info.schemas.js';

/** Says what this server is and where it listens. */
@Injectable()
export class ServerInfoService {
  constructor(
    private readonly listeners: Listeners,
    private readonly database: Database,
    private readonly access: AccessControl,
  ) {}

  info(): ServerInfo {
    return {
      version,
      node: nodeName,
      listeners: [...this.listeners.list()],
      database: this.database.kind,
      anonymous: this.access.allowsAnonymous,
    };
  }
}
