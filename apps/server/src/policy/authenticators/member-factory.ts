import { Injectable, Logger } from '@nestjs/common';
import { SystemClock } from '@perch/broker';
import type { OwnRules } from '@perch/policy';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import type { AccessSettings, AuthenticatorSettings } from '../access-settings.schema.js';
import { AuthorizerChain } from '../authorizers/authorizer-chain.js';
import { HttpAuthorizer } from '../authorizers/http-authorizer.js';
import { SeldomLog } from '../../broker/listeners/seldom-log.js';
import { loginLimitsOf } from '../login-limits.js';
import type { UserAuthenticator } from '../user-authenticator.js';
import { AnonymousMember } from './anonymous-member.js';
import { CertificateMember } from './certificate-member.js';
import type { ChainMember } from './chain-member.js';
import { HttpMember } from './http-member.js';
import { JwtMember } from './jwt/jwt-member.js';
import { UsersMember } from './users-member.js';

const UNREADABLE_EVERY_MS = 60_000;

/** Makes what the settings name. The settings have to be without problems, and their secrets in their places. */
@Injectable()
export class MemberFactory {
  private readonly logger = new Logger('access');
  private readonly clock = new SystemClock();

  constructor(@InjectConfig() private readonly config: Config) {}

  /** What the configuration settles, so that nobody can save anything else; null where it does not. */
  get configured(): AccessSettings | null {
    return this.config.access ?? null;
  }

  /** Whether somebody without credentials may come in, where a listener does not say otherwise. */
  allowsAnonymous({ authenticators }: AccessSettings): boolean {
    const member = authenticators.find(({ kind }) => kind === 'anonymous');
    return member?.kind === 'anonymous' && member.enabled && this.isAllowed(member);
  }

  /** The authenticators that are enabled, in order. Users are looked up by this authenticator. */
  members(settings: AccessSettings, users: UserAuthenticator): ChainMember[] {
    const ownRules = placeOfOwnRules(settings);
    return settings.authenticators
      .filter(({ enabled }) => enabled)
      .map((member) => this.member(member, users, ownRules));
  }

  /** The hooks that are asked what no rule decides; null where there are none. */
  authorizer({ authorizers }: AccessSettings): AuthorizerChain | null {
    const hooks = authorizers.flatMap((settings) => {
      if (settings.kind !== 'http' || !settings.enabled) return [];
      return [new HttpAuthorizer(settings, { clock: this.clock, ...this.tellers(settings) })];
    });
    return hooks.length > 0 ? new AuthorizerChain(hooks) : null;
  }

  private member(
    settings: AuthenticatorSettings,
    users: UserAuthenticator,
    ownRules: OwnRules['place'] | null,
  ): ChainMember {
    const { clock } = this;
    switch (settings.kind) {
      case 'users':
        return new UsersMember(settings.id, users);
      case 'certificate':
        return new CertificateMember(settings, users);
      case 'anonymous':
        return new AnonymousMember({ ...settings, isAllowed: this.isAllowed(settings) });
      case 'jwt':
        return new JwtMember(settings, { clock, ownRules });
      case 'http': {
        const loginLimits = loginLimitsOf(this.config);
        return new HttpMember(settings, { clock, ownRules, loginLimits, ...this.tellers(settings) });
      }
    }
  }

  private isAllowed({ allow }: Extract<AuthenticatorSettings, { kind: 'anonymous' }>): boolean {
    return allow === 'configured' ? this.config.allowAnonymous : allow === 'yes';
  }

  /** Once for each outage, and once a minute for answers that cannot be used, however many come meanwhile. */
  private tellers({ id, url }: { readonly id: string; readonly url: string }) {
    const { origin } = new URL(url);
    const seldom = new SeldomLog((line) => this.logger.warn(line), UNREADABLE_EVERY_MS);
    return {
      changed: (problem: string | null) => {
        if (problem === null) this.logger.log(`${id} at ${origin} answers again.`);
        else this.logger.warn(`${id} at ${origin} does not answer, and lets nobody in: ${problem}`);
      },
      unreadable: (why: string) => seldom.tell(`What ${id} at ${origin} answers cannot be used. ${why}`),
    };
  }
}

/** Where the rules that come with credentials are judged; null where they count for nothing. */
export function placeOfOwnRules({ authorizers }: AccessSettings): OwnRules['place'] | null {
  const own = authorizers.findIndex(({ kind, enabled }) => kind === 'own-rules' && enabled);
  if (own < 0) return null;
  return own < authorizers.findIndex(({ kind }) => kind === 'policy') ? 'before' : 'after';
}
