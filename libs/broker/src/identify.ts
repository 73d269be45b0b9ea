import { authenticate } from './authenticate.js';
import type { Broker } from './broker.js';
import { certify, type Claim } from './certify.js';
import { isClientId } from './client-id.js';
import type { ListenerTerms } from './listener-terms.js';
import type { Authentication } from './ports/authenticator.js';
import type { Refusal } from './refusal.js';

/** How somebody comes who says who they are. */
export interface Arriving {
  /** Textual IP address, or null. */
  readonly address: string | null;
  /** The name in the client's certificate, which was verified, or null. */
  readonly certificateName: string | null;
  readonly terms: ListenerTerms;
  /** As presence, refusals and authenticators call it. */
  readonly protocol: string;
}

/** A claim in the light of the client's certificate, and whether it is true. */
export interface Identified {
  readonly claim: Claim;
  readonly authentication: Authentication;
}

/** Has a claim judged, by certificate, form and authenticator: at once where that answers at once. Never rejects. */
export function identify(broker: Broker, claim: Claim, arriving: Arriving): Identified | Promise<Identified> {
  const { address, certificateName, terms, protocol } = arriving;
  const certified = certify(claim, certificateName, terms);
  if (typeof certified === 'string') return refused(claim, certified);
  const { clientId, username, password } = certified;
  if (!isClientId(clientId, broker.limits)) return refused(claim, 'invalid-client-id');
  const authentication = authenticate(broker, {
    clientId,
    username,
    password,
    address,
    certificateName: terms.certificateAs === 'username' ? certificateName : null,
    allowAnonymous: terms.allowAnonymous,
    protocol,
  });
  if (!(authentication instanceof Promise)) return { claim: certified, authentication };
  return authentication.then((decided) => ({ claim: certified, authentication: decided }));
}

/** Tells and counts that a claim was refused. */
export function claimRefused(
  broker: Broker,
  { clientId, username }: Claim,
  { address, protocol, refusal }: Pick<Arriving, 'address' | 'protocol'> & { readonly refusal: Refusal },
): void {
  const who = { clientId, username, address, labels: [], protocol };
  broker.refusals.ofConnect({ ...who, refusal, topic: null, ruleId: null, by: null });
}

function refused(claim: Claim, refusal: Refusal): Identified {
  return { claim, authentication: { accepted: false, refusal } };
}
