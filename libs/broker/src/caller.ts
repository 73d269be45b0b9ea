import type { CompiledPolicy, Grants } from '@perch/policy';
import { admitted, type Admitted } from './access/admitted.js';
import type { Broker } from './broker.js';
import { certify, type Claim } from './certify.js';
import { isClientId } from './client-id.js';
import { anyListener, type ListenerTerms } from './listener-terms.js';
import type { Authentication } from './ports/authenticator.js';
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
  const certified = certify(call, call.certificateName, call.terms ?? anyListener);
  if (typeof certified === 'string') return refuse(broker, call, certified);
  if (!isClientId(certified.clientId, broker.limits)) return refuse(broker, call, 'invalid-client-id');
  const authentication = await authenticate(broker, certified);
  if (!authentication.accepted) return refuse(broker, certified, authentication.refusal);
  const who = admitted(authentication, certified);
  if (who.validUntil !== null && who.validUntil <= broker.clock.now())
    return refuse(broker, certified, 'authorization-expired');
  return new Caller(who, broker.access.grantsFor(who), broker.policy);
}

async function authenticate(broker: Broker, call: Call): Promise<Authentication> {
  const { clientId, username, password, address, certificateName, terms = anyListener } = call;
  try {
    return await broker.authenticator.authenticate({
      clientId,
      username,
      password,
      address,
      protocol: CALLER_PROTOCOL,
      certificateName: terms.certificateAs === 'username' ? certificateName : null,
      allowAnonymous: terms.allowAnonymous,
    });
  } catch (error) {
    broker.report(error, 'authentication');
    return { accepted: false, refusal: 'unavailable' };
  }
}

function refuse(broker: Broker, { clientId, username, address }: Call, refusal: Refusal): Refusal {
  const who = { clientId, username, address, labels: [], protocol: CALLER_PROTOCOL };
  broker.refusals.ofConnect({ ...who, refusal, topic: null, ruleId: null, by: null });
  return refusal;
}
