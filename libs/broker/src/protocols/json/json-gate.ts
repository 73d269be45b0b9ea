import type { BindRequest } from '@perch/wire';
import { randomBytes } from 'node:crypto';
import type { Broker } from '../../broker.js';
import { certify, type Claim } from '../../certify.js';
import { isClientId } from '../../client-id.js';
import type { Link } from '../../link.js';
import type { ListenerTerms } from '../../listener-terms.js';
import type { Authentication } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';

/** What presence and the authenticator call it. */
export const PROTOCOL = 'json';

/** A bind that says who it is, if need be by our own choice. */
export type NamedBind = Claim & Pick<BindRequest, 'id' | 'resume'>;

/** Finds out who a client is that binds over one link. */
export class JsonGate {
  constructor(
    private readonly broker: Broker,
    private readonly link: Link,
    private readonly terms: ListenerTerms,
  ) {}

  /** Who the client says it is; `known` is who it is already, where it is bound. */
  claimOf({ id, auth, clientId, resume }: BindRequest, known: string | null): NamedBind {
    const name = known ?? clientId ?? `perch-${randomBytes(10).toString('hex')}`;
    const isAssigned = known === null && clientId === undefined;
    const claim = { id, resume, clientId: name, isAssigned, username: null, password: null };
    if (auth?.type === 'basic') return { ...claim, username: auth.username, password: Buffer.from(auth.password) };
    // A token says itself whose it is.
    return auth?.type === 'bearer' ? { ...claim, password: Buffer.from(auth.token) } : claim;
  }

  /** The same in the light of its certificate, or why not. */
  certified(claim: NamedBind): NamedBind | Refusal {
    const certified = certify(claim, this.link.certificateName, this.terms);
    if (typeof certified === 'string') return certified;
    return isClientId(certified.clientId, this.broker.limits) ? certified : 'invalid-client-id';
  }

  /** Asks the authenticator. Never rejects: one that fails cannot tell. */
  authenticate({ clientId, username, password }: NamedBind): Authentication | Promise<Authentication> {
    const outcome = this.broker.authenticator.authenticate({
      clientId,
      username,
      password,
      address: this.link.address,
      certificateName: this.terms.certificateAs === 'username' ? this.link.certificateName : null,
      allowAnonymous: this.terms.allowAnonymous,
      protocol: PROTOCOL,
    });
    if (!(outcome instanceof Promise)) return outcome;
    return outcome.catch((error: unknown): Authentication => {
      this.broker.report(error, 'authentication');
      return { accepted: false, refusal: 'unavailable' };
    });
  }
}
