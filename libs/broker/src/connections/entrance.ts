import { admitted } from '../access/admitted.js';
import type { Broker } from '../broker.js';
import { certify, type Claim } from '../certify.js';
import type { CloseReason } from '../events.js';
import type { Link } from '../link.js';
import type { ListenerTerms } from '../listener-terms.js';
import type { Authentication } from '../ports/authenticator.js';
import type { Refusal } from '../refusal.js';
import type { Peer, Session } from '../session.js';
import type { Opening } from '../session-registry.js';

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

/** Wrong credentials that one connection may show: guessing costs a connection. */
const MOST_WRONG = 3;
const GUESSES: readonly Refusal[] = ['bad-credentials', 'wrong-client-id', 'wrong-address', 'not-authorized'];

/** Lets the client of one connection in, and again as somebody else; holds its session. A session is for one connection. */
export class Entrance {
  session: Session | null = null;
  private opening: Opening | null = null;
  private wrong = 0;

  constructor(
    private readonly options: EntranceOptions,
    /** Has nothing come in until it is answered, and goes on then; not at all when the connection has ended by then. */
    private readonly waitFor: (answered: Promise<void>, goOn: () => void) => void,
  ) {}

  /** It has shown wrong credentials again and again. */
  get isGuessing(): boolean {
    return this.wrong >= MOST_WRONG;
  }

  /** Has the claim judged. Whoever is in already stays in as it is when the claim is refused. */
  enter(claim: Claim, entered: Entered): void {
    const { link, terms } = this.options;
    const certified = certify(claim, link.certificateName, terms);
    if (typeof certified === 'string') return this.refused(claim, certified, entered);
    if (!this.mayBeNamed(certified.clientId)) return this.refused(claim, 'invalid-client-id', entered);
    const outcome = this.authenticate(certified);
    if (!(outcome instanceof Promise)) return this.decide(certified, outcome, entered);
    let decided: Authentication = { accepted: false, refusal: 'unavailable' };
    const answered = outcome.then(
      (authentication) => void (decided = authentication),
      (error: unknown) => this.options.broker.report(error, 'authentication'),
    );
    this.waitFor(answered, () => this.decide(certified, decided, entered));
  }

  /** The connection has ended, or its client is to be another one. */
  leave(reason: CloseReason): void {
    const { broker, peer } = this.options;
    if (this.opening) broker.sessions.abandon(this.opening);
    if (this.session) broker.sessions.close(this.session, peer, reason);
    this.opening = null;
    this.session = null;
  }

  private authenticate({ clientId, username, password }: Claim): Authentication | Promise<Authentication> {
    const { broker, link, terms, protocol } = this.options;
    return broker.authenticator.authenticate({
      clientId,
      username,
      password,
      address: link.address,
      certificateName: terms.certificateAs === 'username' ? link.certificateName : null,
      allowAnonymous: terms.allowAnonymous,
      protocol,
    });
  }

  private decide(claim: Claim, authentication: Authentication, entered: Entered): void {
    const { broker } = this.options;
    if (!authentication.accepted) return this.refused(claim, authentication.refusal, entered);
    this.wrong = 0;
    const { session } = this;
    if (session?.clientId !== claim.clientId) return this.open(claim, authentication, entered);
    if (!broker.sessions.mayBecome(session, authentication)) return this.refused(claim, 'quota-exceeded', entered);
    broker.access.reauthenticated(session, authentication);
    entered(null);
  }

  /** A session of its own each time; what a durable one of the same client id held is forgotten first. */
  private open(claim: Claim, authentication: Authentication & { readonly accepted: true }, entered: Entered): void {
    const { broker, link, peer, protocol, keepAliveSeconds } = this.options;
    const who = admitted(authentication, { clientId: claim.clientId, address: link.address });
    this.leave('client-disconnected');
    const opening = broker.open({
      ...who,
      grants: broker.access.grantsFor(who),
      isClient: true,
      port: link.port,
      protocol,
      keepAlive: keepAliveSeconds,
      will: null,
      willDelayInterval: 0,
      cleanStart: true,
      sessionExpiryInterval: 0,
      peer,
    });
    if (typeof opening === 'string') return this.refused(claim, opening, entered);
    this.opening = opening;
    if (!opening.ready) return this.begin(opening, entered);
    let isKept = false;
    const ready = opening.ready.then(
      () => void (isKept = true),
      () => undefined,
    );
    this.waitFor(ready, () => (isKept ? this.begin(opening, entered) : this.refused(claim, 'unavailable', entered)));
  }

  private begin(opening: Opening, entered: Entered): void {
    this.opening = null;
    this.session = opening.session;
    this.options.broker.sessions.begin(opening);
    entered(null);
  }

  private refused({ clientId, username, password }: Claim, refusal: Refusal, entered: Entered): void {
    const { broker, link, protocol } = this.options;
    if (this.opening) broker.sessions.abandon(this.opening);
    this.opening = null;
    if (password !== null && GUESSES.includes(refusal)) this.wrong++;
    const who = { clientId, username, address: link.address, labels: [], protocol };
    broker.refusals.ofConnect({ ...who, refusal, topic: null, ruleId: null, by: null });
    entered(refusal);
  }

  /** As for MQTT [MQTT-3.1.3-4]: UTF-8 without NUL; what begins with $ is the broker's own. */
  private mayBeNamed(clientId: string): boolean {
    if (clientId === '' || clientId.startsWith('$') || /[\0\uD800-\uDFFF]/u.test(clientId)) return false;
    return Buffer.byteLength(clientId) <= this.options.broker.limits.clientIdBytes;
  }
}
