import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Stores } from '../../broker/stores/stores.js';
import { Database } from '../../database/database.js';
import { ApiError } from '../../http/api-error.js';
import type { Health } from './health.schemas.js';

type Check = Health['details'][string];

/** Says how this process is. */
@Injectable()
export class HealthService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The broker takes clients from the end of the start to the beginning of the shutdown. */
  private isServing = false;

  constructor(
    private readonly database: Database,
    private readonly stores: Stores,
  ) {}

  onApplicationBootstrap(): void {
    this.isServing = true;
  }

  beforeApplicationShutdown(): void {
    this.isServing = false;
  }

  live(): Health {
    return { status: 'ok', details: {} };
  }

  /** 503 when a part is away that new traffic needs. */
  async ready(): Promise<Health> {
    const details = {
      database: check(await this.database.isUp()),
      broker: check(this.isServing),
      retained: check(this.stores.retained.isWriting),
      sessions: check(this.stores.sessions.isWriting),
    };
    const down = Object.entries(details).flatMap(([part, { status }]) => (status === 'down' ? part : []));
    if (down.length === 0) return { status: 'ok', details };
    throw new ApiError('unavailable', `Not ready: ${down.map((part) => troubles[part] ?? part).join(', ')}.`, {
      errors: down.map((path) => ({ path, message: 'is down' })),
    });
  }
}

const troubles: Record<string, string> = {
  database: 'the database is away',
  broker: 'the broker is away',
  retained: 'retained messages cannot be written',
  sessions: 'durable sessions cannot be written',
};

function check(isUp: boolean): Check {
  return { status: isUp ? 'up' : 'down' };
}
