import {
  type AuthenticationExchange,
  type Authenticator,
  type Clock,
  type Credentials,
  type Refusal,
  SystemClock,
} from '@perch/broker';
import { AccountReader } from './account-reader.js';
import { refused } from './authentication.js';
import type { Decision } from './authenticators/answer.js';
import { CertificateLogins } from './certificate-logins.js';
import type { StoredCredentials } from './credential-store.js';
import { KnownNames } from './known-names.js';
import { LoginGuard, type LoginLimits } from './login-guard.js';
import { type PasswordLimits, PasswordLogins, usualPasswordLimits } from './password-logins.js';
import { SCRAM_METHOD, ScramLogins } from './scram-logins.js';

/** What the authenticator asks of the world. */
export interface UserAuthenticatorOptions {
  /** Rejects when the users cannot be read now. */
  readonly find: (username: string) => Promise<StoredCredentials | null>;
  /** Same work for a null hash. */
  readonly verify: (passwordHash: string | null, password: Buffer) => Promise<boolean>;
  /** Told of each password that was verified, with what it was verified against. Must not throw. */
  readonly verified: (username: string, password: Buffer, stored: StoredCredentials) => void;
  readonly report: (error: unknown) => void;
  /** Null where SCRAM-SHA-256 is not on offer. */
  readonly scram: ScramSettings | null;
  readonly limits?: Partial<PasswordLimits>;
  readonly loginLimits?: Partial<LoginLimits>;
  readonly clock?: Clock;
}

export interface ScramSettings {
  readonly iterations: number;
  /** What the keys of users that are not there are made from; the same after a restart. */
  readonly decoySecret: Buffer;
}

/** Lets users in: by name and password, by a certificate that names them, or by SCRAM-SHA-256. Guessing is slowed and banned. */
export class UserAuthenticator implements Authenticator {
  /** Knows who is kept out for guessing. */
  readonly guard: LoginGuard;
  private readonly accounts: AccountReader;
  private readonly passwords: PasswordLogins;
  private readonly certificates: CertificateLogins;
  private readonly scram: ScramLogins | null;
  private readonly names: KnownNames;

  constructor(options: UserAuthenticatorOptions) {
    const clock = options.clock ?? new SystemClock();
    const limits = { ...usualPasswordLimits, ...options.limits };
    const { cachedUsers } = limits;
    this.accounts = new AccountReader(options.find);
    this.guard = new LoginGuard(clock, options.loginLimits);
    this.passwords = new PasswordLogins({ ...options, guard: this.guard, clock, limits });
    const { accounts, guard } = this;
    const shared = { accounts, clock, cachedUsers, report: options.report };
    this.certificates = new CertificateLogins(shared);
    this.names = new KnownNames({ accounts, limit: cachedUsers, report: options.report });
    this.scram = options.scram && new ScramLogins({ ...options.scram, ...shared, guard });
  }

  authenticate(credentials: Credentials): Decision | Promise<Decision> {
    const { username, password, clientId, address, certificateName } = credentials;
    if (username !== null && password !== null)
      return this.passwords.authenticate({ username, clientId, address }, password);
    if (username !== null && username === certificateName)
      return this.certificates.authenticate(username, { clientId, address });
    return refused('bad-credentials');
  }

  /** Whether there is a user of this name, or why that cannot be told now. */
  exists(username: string): boolean | Promise<boolean | Refusal> {
    return this.names.has(username);
  }

  begin(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null {
    return method === SCRAM_METHOD ? (this.scram?.begin(client) ?? null) : null;
  }

  /** The password or the terms of these users have changed: whatever was known of them no longer counts. */
  forget(usernames: ReadonlySet<string>): void {
    this.accounts.changed();
    this.passwords.forget(usernames);
    for (const username of usernames) {
      this.certificates.forget(username);
      this.scram?.forget(username);
      this.names.forget(username);
    }
    this.guard.forget(usernames);
  }
}
