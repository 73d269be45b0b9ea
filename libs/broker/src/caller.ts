import type { CompiledPolicy, Grants } from '@perch/policy';
import { admitted, type Admitted } from './access/admitted.js';
import type { Broker } from './broker.js';
import type { Claim } from './certify.js';
import { claimRefused, identify } from './identify.js';
import { anyListener, type ListenerTerms } from './listener-terms.js';
import type { Publisher, Route } from './receipt.js';
import type { Refusal } from './refusal.js';
import type { Who } from './refusals.js';

/** How presence, refusals and authenticators call what comes with a request. */
export const CALLER_PROTOCOL = 'http';

/** What a request says of who sends it, and by which door it came. */
export interface Call extends Claim {
  readonly address: string | null;
  /** The name in the client's certificate, which was verified, or null. */
  readonly certificateName: string | null;
  readonly terms?: ListenerTerms;
}

/** A client that comes with a request and keeps no connection, under the same grants as one that does. */
export class Caller implements Publisher {
  route: Route | null = null;

  constructor(
    readonly admitted: Admitted,
    public grants: Grants,
    /** What the grants were made of; null where no policy changes them. */
    private policy: CompiledPolicy | null = null,
  ) {}

  /** It may do what the policy says now. */
  keepUp({ policy, access }: Pick<Broker, 'policy' | 'access'>): void {
    if (this.policy === null || this.policy === policy) return;
    this.policy = policy;
    this.grants = access.grantsFor(this.admitted);
  }

  get clientId(): string {
    return this.admitted.identity.clientId;
  }

  /** As refusals call it. */
  get who(): Who {
    const { clientId, username, address, labels = [] } = this.admitted.identity;
    return { clientId, username, address, labels, protocol: CALLER_PROTOCOL };
  }
}

/** Lets a caller in as a CONNECT would be, by the same authenticator; or says why not, which is told and counted. */
export async function admitCaller(broker: Broker, call: Call): Promise<Caller | Refusal> {
  const arriving = { ...call, terms: call.terms ?? anyListener, protocol: CALLER_PROTOCOL };
  const { claim, authentication } = await identify(broker, call, arriving);
  const refuse = (refusal: Refusal): Refusal => {
    claimRefused(broker, claim, { ...arriving, refusal });
    return refusal;
  };
  if (!authentication.accepted) return refuse(authentication.refusal);
  const who = admitted(authentication, { clientId: claim.clientId, address: call.address });
  if (who.validUntil !== null && who.validUntil <= broker.clock.now()) return refuse('authorization-expired');
  return new Caller(who, broker.access.grantsFor(who), broker.policy);
}
