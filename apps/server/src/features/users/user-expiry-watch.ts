import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ExpiryWarnings } from './expiry-warnings.js';
import { UsersStore } from './users.store.js';

const LOOK_EVERY_MS = 60_000;

/** Looks every minute whose time ends soon, and writes it to the log. */
@Injectable()
export class UserExpiryWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('users');
  private readonly warnings: ExpiryWarnings;
  private timer: NodeJS.Timeout | null = null;

  constructor(store: UsersStore) {
    this.warnings = new ExpiryWarnings({
      ending: (after, until, limit) => store.ending(new Date(after), new Date(until), limit),
      warn: (text) => this.logger.warn(text),
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
    this.look();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private look(): void {
    // That the database is away is said where it is needed; what is missed now is found a minute later.
    this.warnings.look(Date.now()).catch((error: unknown) => this.logger.debug(String(error)));
  }
}
