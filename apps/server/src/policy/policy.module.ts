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
  return new UserAuthenticator({
    allowAnonymous: config.allowAnonymous,
    find: (username) => store.find(username),
    verify: (passwordHash, password) => hasher.verify(passwordHash, password),
    report: (error) => logger.warn(`A user could not be looked up: ${String(error)}`),
  });
}
