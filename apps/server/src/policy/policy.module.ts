import { Logger, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { CredentialStore } from './credential-store.js';
import { PasswordHasher } from './password-hasher.js';
import { PolicyService } from './policy.service.js';
import { PolicyStore } from './policy.store.js';
import { UserAuthenticator } from './user-authenticator.js';

/** What the broker asks: who may come in, and what they may do. */
@Module({
  providers: [
    CredentialStore,
    PasswordHasher,
    PolicyStore,
    {
      provide: PolicyService,
      inject: [PolicyStore, CONFIG],
      useFactory: (store: PolicyStore, config: Config) => PolicyService.load(store, config.policyDefault),
    },
    {
      provide: UserAuthenticator,
      inject: [CONFIG, CredentialStore, PasswordHasher],
      useFactory: newUserAuthenticator,
    },
  ],
  exports: [PasswordHasher, PolicyService, PolicyStore, UserAuthenticator],
})
export class PolicyModule {}

function newUserAuthenticator(config: Config, store: CredentialStore, hasher: PasswordHasher): UserAuthenticator {
  const logger = new Logger('authenticator');
  let isAway = false;
  return new UserAuthenticator({
    allowAnonymous: config.allowAnonymous,
    async find(username) {
      const found = await store.find(username);
      isAway = false;
      return found;
    },
    verify: (passwordHash, password) => hasher.verify(passwordHash, password),
    report(error) {
      // Once for each outage, however many come meanwhile. The last line of Prisma's says what it is.
      if (!isAway) logger.warn(`Users cannot be looked up: ${String(error).split('\n').at(-1)}`);
      isAway = true;
    },
  });
}
