import type { CompiledPolicy, Grants } from '@perch/policy';
import type { Broker } from '../broker.js';
import type { Authorizer } from '../ports/authorizer.js';
import type { Principal } from '../ports/authenticator.js';
import type { Session } from '../session.js';
import type { Subscription } from '../subscription.js';
import type { Admitted } from './admitted.js';
import type { Answers, Question } from './answers.js';
import { answersIn, AskedSessions, type AskedSessionsHost } from './asked-sessions.js';
import { EVERYTHING, PolicyChange, type Touch } from './policy-change.js';
import { OwnRuleEnds } from './own-rule-ends.js';
import { regrant, type Loss } from './regrant.js';
import { RuleHits } from './rule-hits.js';

/** What the rights of live sessions are applied to. */
export interface LiveAccessHost extends AskedSessionsHost, Pick<Broker, 'refusals' | 'unsubscribe'> {
  policy: CompiledPolicy;
  /** The subscription excludes other topics than before. */
  exclusionsChanged(subscription: Subscription): void;
}

/** How what was taken away is told to those who lost it. */
export interface Revocation {
  /** MQTT clients are disconnected; otherwise they are told nothing, as MQTT has no word for it. */
  readonly disconnect: boolean;
}

/** The same, to one of them. */
export interface RevocationNotice extends Revocation {
  /** What it may be told of the rule behind it, or null. */
  readonly reason: string | null;
}

const SILENT: Revocation = { disconnect: false };

/** Keeps the rights of every session, online or not, what the policy and its client's principal say now. */
export class LiveAccess {
  /** When everybody was judged by the policy, in ms since the epoch. */
  private judgedAt: number;
  private readonly ownRuleEnds: OwnRuleEnds;
  readonly hits = new RuleHits();

  /** Those about whom an authorizer is asked. */
  readonly asked: AskedSessions;

  constructor(
    private readonly host: LiveAccessHost,
    authorizer: Authorizer | null,
  ) {
    this.judgedAt = host.clock.now();
    this.asked = new AskedSessions(host, authorizer, (session, answers) => this.judgeAgain(session, answers));
    this.ownRuleEnds = new OwnRuleEnds(host.agenda, host.clock);
  }

  /** What the policy, and rules of its own, let a client do from now on. */
  grantsFor(client: Pick<Admitted, 'identity' | 'own'>, answers: Answers | null = null): Grants {
    const ruled = this.host.policy.grantsFor(client.identity, this.host.clock.now(), client.own);
    return this.asked.isIdle ? ruled : this.asked.grantsOf(client, ruled, answers ?? this.asked.answersAbout(client));
  }

  /** The session is there from now on, under the grants of its client. */
  opened(session: Session): void {
    if (session.options.own) this.watch(session);
    if (!this.asked.isIdle) this.asked.watch(session);
  }

  /** The session has ended. */
  closed(session: Session): void {
    this.ownRuleEnds.forget(session);
    this.asked.forget(session);
  }

  /** Puts every client under a new policy: exactly what it takes away is gone when this returns. */
  setPolicy(policy: CompiledPolicy, revocation: Revocation = SILENT): Loss[] {
    const atMs = this.host.clock.now();
    const former = { policy: this.host.policy.policy, atMs: this.judgedAt };
    const change = PolicyChange.between(former, { policy: policy.policy, atMs });
    this.host.policy = policy;
    this.judgedAt = atMs;
    const losses = this.judgeAll(change, revocation);
    this.hits.keepOnly(new Set(policy.policy.rules.map(({ id }) => id)));
    return losses;
  }

  /** The client has proved to be another user, or the same again: it has that user's rights from now on. */
  reauthenticated(session: Session, principal: Principal): readonly Loss[] {
    const answers = answersIn(session.grants);
    this.host.sessions.become(session, principal);
    this.watch(session);
    const losses = this.putUnder(session, this.grantsFor(session.options, answers));
    // What was said of who it was before counts until the authorizer has been asked anew.
    if (answers) this.asked.askAgain(session).catch((error: unknown) => this.host.report(error, 'authorizer'));
    return losses;
  }

  /** Takes from the session what its new grants no longer give it, of what a change can have touched. */
  putUnder(session: Session, grants: Grants, { touch, revocation }: Regranting = ANYHOW): readonly Loss[] {
    const { losses, lost, changed, losesWill } = regrant(session, grants, touch);
    for (const subscription of changed) this.host.exclusionsChanged(subscription);
    for (const { filter } of lost) this.host.unsubscribe(session, filter);
    if (losesWill) this.host.sessions.dropWill(session);
    session.forgetUnreachable();
    if (losses.length > 0) {
      const filters = lost.map(({ filter }) => filter);
      const [{ ruleId, by }] = losses as [Loss];
      session.peer?.revoked(filters, { ...revocation, reason: this.host.refusals.reasonFor(ruleId, by) });
    }
    return losses;
  }

  /** Has the authorizer asked about a session: its grants know the answers when this resolves, and it never rejects. */
  async ask(session: Session, questions: readonly Question[]): Promise<void> {
    await this.asked.ask(session.grants, questions);
    this.asked.watch(session);
  }

  /** Has this authorizer asked about everybody from now on; resolves to what was lost when all have been asked about. */
  async setAuthorizer(authorizer: Authorizer | null): Promise<readonly Loss[]> {
    if (authorizer) return this.asked.setAuthorizer(authorizer);
    this.asked.unset();
    return this.judgeAll(null, SILENT);
  }

  private judgeAgain(session: Session, answers: Answers | null = null): readonly Loss[] {
    const losses = this.putUnder(session, this.grantsFor(session.options, answers));
    if (!this.asked.isIdle) this.asked.watch(session);
    return losses;
  }

  private watch(session: Session): void {
    this.ownRuleEnds.watch(session, () => {
      this.watch(session);
      this.judgeAgain(session);
    });
  }

  private judgeAll(change: PolicyChange | null, revocation: Revocation): Loss[] {
    const all: Loss[] = [];
    for (const session of this.host.sessions) {
      if (!session.options.isClient) continue;
      const grants = this.grantsFor(session.options);
      const touch = change === null ? EVERYTHING : change.of(session.identity);
      if (touch === null) session.putUnder(grants);
      else for (const loss of this.putUnder(session, grants, { touch, revocation })) all.push(loss);
    }
    return all;
  }
}

/** How a session comes under new grants. */
interface Regranting {
  readonly touch: Pick<Touch, 'publish' | 'subscribe'>;
  readonly revocation: Revocation;
}

const ANYHOW: Regranting = { touch: EVERYTHING, revocation: SILENT };
