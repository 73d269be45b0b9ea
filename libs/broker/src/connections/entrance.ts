import { admitted } from '../access/admitted.js';
import type { Broker } from '../broker.js';
import type { Claim } from '../certify.js';
import type { CloseReason } from '../events.js';
import { claimRefused, type Identified, identify } from '../identify.js';
import type { Link } from '../link.js';
import type { ListenerTerms } from '../listener-terms.js';
import type { Refusal } from '../refusal.js';
import type { Peer, Session } from '../session.js';
import type { Opening } from '../session-registry.js';
import { type Coming, type Entrant, FOR_NOW, type Resumption } from './coming.js';

/** Whom an entrance lets in, and where. */
export interface EntranceOptions {
  readonly broker: Broker;
  readonly link: Link;
  readonly terms: ListenerTerms;
  readonly peer: Peer;
  readonly protocol: string;
  readonly keepAliveSeconds: number;
}

/** Told why a client was not let in, or null when it was. */
export type Entered = (refusal: Refusal | null) => void;

const GUESSES: readonly Refusal[] = ['bad-credentials', 'wrong-client-id', 'wrong-address', 'not-authorized'];

/** Lets the client of one connection in, and again as somebody else; holds its session. A session is for one connection. */
export class Entrance {
  session: Session | null = null;
  /** How often in a row it has shown wrong credentials. */
  wrong = 0;
  private opening: Opening | null = null;
  private resumption: Resumption | null = null;

  constructor(
    private readonly options: EntranceOptions,
    /** Goes on when it is answered; not at all when the connection has ended by then. */
    private readonly waitFor: (answered: Promise<void>, goOn: () => void) => void,
  ) {}

  /** Those of the listener that the connection came to. */
  get terms(): ListenerTerms {
    return this.options.terms;
  }

  /** Has the claim judged. Whoever is in already stays in as it is when the claim is refused. */
  enter(claim: Claim, entered: Entered, coming: Coming = FOR_NOW): void {
    const { broker, link, terms, protocol } = this.options;
    const { address, certificateName } = link;
    const identified = identify(broker, claim, { address, certificateName, terms, protocol });
    const decide = (decided: Identified) => this.decide(decided, entered, coming);
    if (!(identified instanceof Promise)) return decide(identified);
    let decided: Identified = { claim, authentication: { accepted: false, refusal: 'unavailable' } };
    this.waitFor(
      identified.then((answer) => void (decided = answer)),
      () => decide(decided),
    );
  }

  /** Opens a session for who may come in. */
  open({ who, grants, isClient }: Entrant, entered: Entered, coming: Coming): void {
    const { broker, link, peer, protocol, keepAliveSeconds } = this.options;
    this.leave('client-disconnected');
    const resumption = coming.resumptionFor(who);
    const opening = broker.open({
      grants,
      isClient,
      port: link.port,
      protocol,
      keepAlive: keepAliveSeconds,
      will: null,
      willDelayInterval: 0,
      // What a durable session of the same client id held is forgotten.
      cleanStart: resumption?.goesOn !== true,
      sessionExpiryInterval: resumption ? broker.limits.resumeSeconds : 0,
      window: resumption?.window,
      peer,
      // Last: V8 gives objects shapes of their own where properties follow a spread, one for each.
      ...who,
    });
    if (typeof opening === 'string') {
      if (resumption?.goesOn === false) resumption.window.end();
      return entered(opening);
    }
    this.resumption = resumption;
    this.opening = opening;
    if (!opening.ready) return this.begin(opening, entered, coming);
    let isKept = false;
    const ready = opening.ready.then(
      () => void (isKept = true),
      () => undefined,
    );
    this.waitFor(ready, () => {
      if (isKept) return this.begin(opening, entered, coming);
      this.abandon();
      entered('unavailable');
    });
  }

  /** The connection has ended, or its client is to be another one. */
  leave(reason: CloseReason): void {
    const { broker, peer } = this.options;
    this.abandon();
    const { session, resumption } = this;
    this.session = null;
    this.resumption = null;
    if (!session) return;
    if (session.peer === peer) resumption?.leave(session, reason);
    broker.sessions.close(session, peer, reason);
  }

  private decide({ claim, authentication }: Identified, entered: Entered, coming: Coming): void {
    const { broker, link } = this.options;
    const settled: Entered = (refusal) => {
      if (refusal !== null) this.refused(claim, refusal);
      entered(refusal);
    };
    if (!authentication.accepted) return settled(authentication.refusal);
    this.wrong = 0;
    const { session } = this;
    if (session?.clientId !== claim.clientId) {
      const who = admitted(authentication, { clientId: claim.clientId, address: link.address });
      return this.open({ who, grants: broker.access.grantsFor(who), isClient: true }, settled, coming);
    }
    if (!broker.sessions.mayBecome(session, authentication)) return settled('quota-exceeded');
    broker.access.reauthenticated(session, authentication);
    entered(null);
  }

  private begin(opening: Opening, entered: Entered, coming: Coming): void {
    this.opening = null;
    this.session = opening.session;
    coming.begins(opening.session);
    this.options.broker.sessions.begin(opening);
    entered(null);
  }

  private abandon(): void {
    if (this.opening) this.options.broker.sessions.abandon(this.opening);
    this.opening = null;
  }

  private refused(claim: Claim, refusal: Refusal): void {
    const { broker, link, protocol } = this.options;
    if (claim.password !== null && GUESSES.includes(refusal)) this.wrong++;
    claimRefused(broker, claim, { address: link.address, protocol, refusal });
  }
}
