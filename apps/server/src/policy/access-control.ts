import { Logger } from '@nestjs/common';
import type { AuthenticationExchange, Credentials } from '@perch/broker';
import { usualAccessSettings } from './access-settings.schema.js';
import type { AccessSettingsStore, KeptAccess } from './access-settings.store.js';
import { accessProblems } from './access-check.js';
import { AuthenticatorChain } from './authenticators/authenticator-chain.js';
import type { MemberFactory } from './authenticators/member-factory.js';
import type { AuthorizerChain } from './authorizers/authorizer-chain.js';
import type { UserAuthenticator } from './user-authenticator.js';

/** What access control is made from. */
export interface AccessControlParts {
  readonly factory: MemberFactory;
  readonly users: UserAuthenticator;
}

/** Holds who may come in now: the settings, and the chain and the authorizer that were made of them. */
export class AccessControl {
  readonly chain: AuthenticatorChain;
  private kept: KeptAccess;
  private asked: AuthorizerChain | null = null;
  private readonly logger = new Logger('access');

  constructor(
    private readonly parts: AccessControlParts,
    kept: KeptAccess | null,
  ) {
    this.chain = new AuthenticatorChain({
      begin: (method, client) => this.begin(method, client),
      report: (error) => this.logger.error(`An authenticator failed: ${String(error)}`),
    });
    const nobodySaved = { revision: 0, savedAt: null, savedBy: null, settings: usualAccessSettings };
    const { configured } = parts.factory;
    this.kept = configured ? { ...nobodySaved, settings: configured } : (kept ?? nobodySaved);
    const [problem] = accessProblems(this.kept.settings);
    if (problem) throw new Error(`The access settings cannot be used: ${problem.path} ${problem.message}.`);
    this.accept(this.kept);
  }

  /** Reads what was saved last, unless the configuration settles it. */
  static async load(parts: AccessControlParts, store: AccessSettingsStore): Promise<AccessControl> {
    return new AccessControl(parts, parts.factory.configured ? null : await store.read());
  }

  get current(): KeptAccess {
    return this.kept;
  }

  /** The configuration settles it all, and nothing can be saved. */
  get isLocked(): boolean {
    return this.parts.factory.configured !== null;
  }

  /** Who is asked what no rule decides, or null. The same one as long as its settings are. */
  get authorizer(): AuthorizerChain | null {
    return this.asked;
  }

  /** Whether somebody without credentials may come in, where a listener does not say otherwise. */
  get allowsAnonymous(): boolean {
    return this.parts.factory.allowsAnonymous(this.kept.settings);
  }

  /** Takes settings that were just kept; whoever comes from now on comes by these. */
  accept(kept: KeptAccess): void {
    const areSameHooks = this.asked !== null && hooksOf(this.kept) === hooksOf(kept);
    this.kept = kept;
    this.chain.use(this.parts.factory.members(kept.settings, this.parts.users));
    if (!areSameHooks) this.asked = this.parts.factory.authorizer(kept.settings);
  }

  /** Enhanced authentication is that of users, and there while they are in the chain. */
  private begin(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null {
    const hasUsers = this.kept.settings.authenticators.some(({ kind, enabled }) => kind === 'users' && enabled);
    return hasUsers ? this.parts.users.begin(method, client) : null;
  }
}

/** What the settings say of the hooks among the authorizers. */
function hooksOf({ settings }: KeptAccess): string {
  return JSON.stringify(settings.authorizers.filter(({ kind }) => kind === 'http'));
}
