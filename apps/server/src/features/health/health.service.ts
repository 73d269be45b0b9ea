import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { ApiError } from '../../http/api-error.js';
import type { Health } from './health.schemas.js';

type Check = Health['details'][string];

/** Says how this process is. */
@Injectable()
export class HealthService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The broker takes clients from the end of the start to the beginning of the shutdown. */
  private isServing = false;

  constructor(private readonly database: Database) {}

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
    const details = { database: check(await this.database.isUp()), broker: check(this.isServing) };
    const down = Object.entries(details).filter(([, { status }]) => status === 'down');
    if (down.length === 0) return { status: 'ok', details };
    throw new ApiError('unavailable', `Not ready: ${down.map(([name]) => `the ${name} is away`).join(', ')}.`, {
      errors: down.map(([path]) => ({ path, message: 'is down' })),
    });
  }
}

function check(isUp: boolean): Check {
  return { status: isUp ? 'up' : 'down' };
}
