import { Injectable } from '@nestjs/common';
import { AccessControl } from '../../policy/access-control.js';
import type { AccessSettings } from '../../policy/access-settings.schema.js';
import { MemberFactory } from '../../policy/authenticators/member-factory.js';
import { type Trace, traceChain } from '../../policy/authenticators/trace-chain.js';
import { UserAuthenticatorFactory } from '../../policy/user-authenticator.factory.js';
import type { TryInput, TryResult } from './access-settings.schemas.js';
import { checked } from './checked-settings.js';

/** Tries credentials on a chain of its own: nothing is remembered, and no failure is counted against anybody. */
@Injectable()
export class AccessTrial {
  constructor(
    private readonly access: AccessControl,
    private readonly members: MemberFactory,
    private readonly users: UserAuthenticatorFactory,
  ) {}

  async try({ settings, ...credentials }: TryInput): Promise<TryResult> {
    const kept = this.access.current.settings;
    const tried = settings ? checked(settings, kept) : kept;
    const chain = this.members.members(tried, await this.users.make());
    const trace = await traceChain(chain, {
      ...credentials,
      password: credentials.password === null ? null : Buffer.from(credentials.password),
      protocol: 'mqtt5',
      allowAnonymous: null,
    });
    return resultOf(trace, tried);
  }
}

function resultOf({ steps, principal, refusal }: Trace, { authenticators }: AccessSettings): TryResult {
  const said = new Map(steps.map((step) => [step.id, step]));
  return {
    accepted: principal !== null,
    refusal,
    username: principal?.username ?? null,
    labels: [...(principal?.labels ?? [])],
    validUntil: principal?.validUntil ? new Date(principal.validUntil).toISOString() : null,
    connectionLimit: principal?.connectionLimit ?? null,
    ownRules: (principal?.own?.rules ?? []).map(({ effect, access, topics }) => ({
      effect,
      access,
      topics: [...topics],
    })),
    steps: authenticators.map(({ id, kind }) => ({
      ...(said.get(id) ?? { id, said: 'disabled' as const, refusal: null, why: null, ms: 0 }),
      kind,
    })),
  };
}
