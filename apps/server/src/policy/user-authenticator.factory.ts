import { Injectable, Logger } from '@nestjs/common';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { CredentialStore, type StoredCredentials } from './credential-store.js';
import { DecoySecret } from './decoy-secret.js';
import { loginLimitsOf } from './login-limits.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordKeeper } from './password-keeper.js';
import { type ScramSettings, UserAuthenticator } from './user-authenticator.js';

/** Makes the authenticator of this process from the users in the database. */
@Injectable()
export class UserAuthenticatorFactory {
  private readonly logger = new Logger('authenticator');
  private isAway = false;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly store: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly keeper: PasswordKeeper,
    private readonly decoySecret: DecoySecret,
  ) {}

  async make(): Promise<UserAuthenticator> {
    return new UserAuthenticator({
      scram: await this.scram(),
      loginLimits: loginLimitsOf(this.config),
      find: (username) => this.find(username),
      verify: (passwordHash, password) => this.hasher.verify(passwordHash, password),
      verified: (username, password, stored) => this.verified(username, password, stored),
      report: (error) => this.report(error),
    });
  }

  private async scram(): Promise<ScramSettings | null> {
    const iterations = this.config.scramIterations;
    return iterations === 0 ? null : { iterations, decoySecret: await this.decoySecret.read() };
  }

  private async find(username: string): Promise<StoredCredentials | null> {
    const found = await this.store.find(username);
    this.isAway = false;
    return found;
  }

  private verified(username: string, password: Buffer, stored: StoredCredentials): void {
    this.keeper.keep(username, password, stored)?.catch((error: unknown) => this.report(error));
  }

  private report(error: unknown): void {
    // Once for each outage, however many come meanwhile. The last line of Prisma's says what it is.
    if (!this.isAway) this.logger.warn(`Users cannot be looked up: ${String(error).split('\n').at(-1)}`);
    this.isAway = true;
  }
}
