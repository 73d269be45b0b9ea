import { compilePolicy, type CompiledPolicy, type Grants } from '@perch/policy';
import type { Broker } from '../broker.js';
import type { Authorizer } from '../ports/authorizer.js';
import type { Session } from '../session.js';
import type { Admitted } from './admitted.js';
import { Answers, type Answer, type Question } from './answers.js';
import { AskedGrants, NOT_ASKED, plain } from './asked-grants.js';
import { inquire } from './inquiry.js';
import type { Loss } from './regrant.js';
import { SessionAlarms } from './session-alarms.js';

/** What asking about sessions needs. */
export interface AskedSessionsHost extends Pick<
  Broker,
  'agenda' | 'clock' | 'counters' | 'limits' | 'report' | 'sessions'
> {
  readonly policy: CompiledPolicy;
}

type Client = Pick<Admitted, 'identity' | 'own'>;

/** Sessions that are asked about at a time, where all of them are. */
const AT_ONCE = 32;
/** What could not be answered counts as refused for so long: a client that goes on asking must not be waited for each time. */
const UNANSWERED_MS = 1000;

/** What an authorizer says about clients of which the rules say nothing: asked for once, again before it ends, and enforced. */
export class AskedSessions {
  private readonly alarms: SessionAlarms;
  private open: { readonly of: CompiledPolicy; readonly policy: CompiledPolicy } | null = null;

  constructor(
    private readonly host: AskedSessionsHost,
    private authorizer: Authorizer | null,
    /** Judges the session again, with these answers. */
    private readonly judgeAgain: (session: Session, answers: Answers) => readonly Loss[],
  ) {
    this.alarms = new SessionAlarms(host.agenda);
  }

  /** Nobody is asked, and nothing of this costs anything. */
  get isIdle(): boolean {
    return this.authorizer === null;
  }

  /** The grants of a client that may have to be asked about. */
  grantsOf({ identity, own }: Client, ruled: Grants, answers: Answers | null): Grants {
    if (this.isIdle) return ruled;
    const makeOpen = () => this.openPolicy.grantsFor(identity, this.host.clock.now(), own);
    return new AskedGrants(ruled, makeOpen, answers ?? new Answers(this.host));
  }

  /** What has been said about the client of that id, if it is the same client. */
  answersAbout({ identity }: Client): Answers | null {
    const former = this.isIdle ? undefined : this.host.sessions.get(identity.clientId);
    return former && isSame(former.identity, identity) ? answersIn(former.grants) : null;
  }

  /** Which of it the authorizer has to be asked before the grants can answer. */
  openQuestions(
    grants: Grants,
    { filters, topics }: { readonly filters: Iterable<string>; readonly topics: string[] },
  ): Question[] {
    if (!(grants instanceof AskedGrants)) return [];
    const subscribing = [...filters].filter((filter) => grants.subscribe(filter) === NOT_ASKED);
    const publishing = topics.filter((topic) => grants.publish(topic) === NOT_ASKED);
    return [
      ...subscribing.map((filter): Question => ({ action: 'subscribe', topic: plain(filter) })),
      ...publishing.map((topic): Question => ({ action: 'publish', topic })),
    ];
  }

  /** Has the grants know the answers. Without one in time it is no. Never rejects. */
  async ask(grants: Grants, questions: readonly Question[]): Promise<void> {
    if (!(grants instanceof AskedGrants) || this.authorizer === null) return;
    const { identity, answers } = grants;
    const { said, failed } = await inquire(this.authorizer, { identity, questions }, this.host);
    const refused = { allowed: false, validUntil: this.host.clock.now() + UNANSWERED_MS };
    for (const question of questions)
      answers.set(question, said.get(question) ?? { ...refused, ...failed.get(question) });
  }

  /** The session has new answers: looks at them again before they end. */
  watch(session: Session): void {
    const answers = answersIn(session.grants);
    if (answers === null || session.isClosed || answers.nextDue === Number.POSITIVE_INFINITY) this.forget(session);
    else this.alarms.set(session, answers.nextDue, () => this.look(session, answers));
  }

  /** The session has ended. */
  forget(session: Session): void {
    this.alarms.forget(session);
  }

  /** Everybody is asked about anew, by this authorizer; until then what was said before counts. Resolves to what was lost. */
  async setAuthorizer(authorizer: Authorizer): Promise<Loss[]> {
    this.authorizer = authorizer;
    const losses: Loss[] = [];
    const waiting = [...this.host.sessions].filter(({ options }) => options.isClient);
    const work = async () => {
      for (let session = waiting.pop(); session; session = waiting.pop())
        losses.push(...(await this.askAgain(session)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return losses;
  }

  /** Nobody is asked any more. */
  unset(): void {
    this.authorizer = null;
    this.alarms.forgetAll();
  }

  /** Asks anew about all that the session has; an offline one is asked about when its client comes. */
  async askAgain(session: Session): Promise<readonly Loss[]> {
    const answers = new Answers(this.host);
    if (session.isOnline) {
      const ruled = this.host.policy.grantsFor(session.identity, this.host.clock.now(), session.options.own);
      const grants = this.grantsOf(session.options, ruled, answers);
      const topics = [session.will?.topic, session.route?.match.topic].filter((topic) => topic !== undefined);
      await this.ask(grants, this.openQuestions(grants, { filters: session.subscriptions.keys(), topics }));
    }
    return session.isClosed || this.isIdle ? [] : this.judgeAgain(session, answers);
  }

  private look(session: Session, answers: Answers): void {
    if (session.isClosed || answersIn(session.grants) !== answers) return;
    const { due, hasEnded } = answers.takeDue();
    if (hasEnded) this.judgeAgain(session, answers);
    const wanted = session.isOnline ? due.filter((answer) => isInUse(session, answer)) : [];
    this.watch(session);
    if (wanted.length > 0) this.renew(session, wanted, answers);
  }

  /** Where there is no answer, the former one counts to its end. */
  private renew(session: Session, wanted: readonly Answer[], answers: Answers): void {
    const { authorizer } = this;
    if (authorizer === null) return;
    const questions = wanted.map(({ question }) => question);
    inquire(authorizer, { identity: session.identity, questions }, this.host)
      .then(({ said }) => {
        for (const [question, authorization] of said) answers.set(question, authorization);
        if (answersIn(session.grants) !== answers || session.isClosed) return;
        if ([...said.values()].some(({ allowed }) => allowed !== true)) this.judgeAgain(session, answers);
        this.watch(session);
      })
      .catch((error: unknown) => this.host.report(error, 'authorizer'));
  }

  /** The policy, had it allowed what no rule says: what its rules deny of that. */
  private get openPolicy(): CompiledPolicy {
    const { policy: of } = this.host;
    if (this.open?.of !== of) {
      const { rules, settings } = of.policy;
      this.open = { of, policy: compilePolicy({ rules, settings: { ...settings, noMatch: 'allow' } }) };
    }
    return this.open.policy;
  }
}

/** What was said about the client that has these grants, or null. */
export function answersIn(grants: Grants): Answers | null {
  return grants instanceof AskedGrants ? grants.answers : null;
}

function isSame(a: Admitted['identity'], b: Admitted['identity']): boolean {
  const labels = (identity: Admitted['identity']) => (identity.labels ?? []).toSorted().join('\n');
  return a.username === b.username && a.address === b.address && labels(a) === labels(b);
}

function isInUse(session: Session, { question: { action, topic } }: Answer): boolean {
  if (action === 'publish') return session.will?.topic === topic || session.route?.match.topic === topic;
  return [...session.subscriptions.values()].some(({ topicFilter }) => topicFilter === topic);
}
