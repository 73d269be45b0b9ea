import { Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { AccessControl } from './access-control.js';
import { AccessSettingsStore } from './access-settings.store.js';
import { MemberFactory } from './authenticators/member-factory.js';
import { CredentialStore } from './credential-store.js';
import { DecoySecret } from './decoy-secret.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordSecrets } from './password-secrets.js';
import { PolicyService } from './policy.service.js';
import { PolicyStore } from './policy.store.js';
import { PasswordKeeper } from './password-keeper.js';
import { ShadowStore } from './shadow.store.js';
import { UserAuthenticator } from './user-authenticator.js';
import { UserAuthenticatorFactory } from './user-authenticator.factory.js';

/** What the broker asks: who may come in, and what they may do. */
@Module({
  providers: [
    AccessSettingsStore,
    MemberFactory,
    CredentialStore,
    DecoySecret,
    PasswordHasher,
    PasswordSecrets,
    PolicyStore,
    PasswordKeeper,
    ShadowStore,
    UserAuthenticatorFactory,
    {
      provide: PolicyService,
      inject: [PolicyStore, ShadowStore, CONFIG],
      useFactory: async (store: PolicyStore, shadow: ShadowStore, config: Config) =>
        PolicyService.load(store, config.policyDefault, await shadow.load()),
    },
    {
      provide: UserAuthenticator,
      inject: [UserAuthenticatorFactory],
      useFactory: (factory: UserAuthenticatorFactory) => factory.make(),
    },
    {
      provide: AccessControl,
      inject: [MemberFactory, UserAuthenticator, AccessSettingsStore],
      useFactory: (factory: MemberFactory, users: UserAuthenticator, store: AccessSettingsStore) =>
        AccessControl.load({ factory, users }, store),
    },
  ],
  exports: [
    AccessControl,
    AccessSettingsStore,
    MemberFactory,
    PasswordHasher,
    PasswordSecrets,
    PolicyService,
    PolicyStore,
    ShadowStore,
    UserAuthenticator,
    UserAuthenticatorFactory,
  ],
})
export class PolicyModule {}
