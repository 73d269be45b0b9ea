import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { type Action, type ClientIdentity, explain, type OwnRules, type Policy } from '@perch/policy';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { ApiError } from '../../http/api-error.js';
import { PolicyService } from '../../policy/policy.service.js';
import { PolicyStore } from '../../policy/policy.store.js';
import type { Explanation } from '../policy/explain.schemas.js';
import type { Refusal, RefusalExplanation } from './refusal.schemas.js';
import { RefusalsStore } from './refusals.store.js';

/** What a policy is asked about a refusal, or why it cannot be asked. */
type Question = { readonly action: Action; readonly topic: string; readonly identity: ClientIdentity } | string;

/**
 * Tells why something was refused, by the policy of then and by the live one. Nothing of it was stored: a revision never
 * changes, so that with the client and the moment it says the same again.
 */
@Injectable()
export class RefusalExplainer {
  constructor(
    private readonly broker: Broker,
    private readonly log: RefusalLog,
    private readonly store: RefusalsStore,
    private readonly policy: PolicyService,
    private readonly revisions: PolicyStore,
  ) {}

  /** 404 when nothing with this key is remembered. */
  async explain(key: string): Promise<RefusalExplanation> {
    await this.log.flush();
    const refusal = await this.store.find(key);
    if (!refusal) throw new ApiError('not-found', 'No such refusal is remembered.');
    const question = questionOf(refusal);
    if (typeof question === 'string') return { refusal, then: null, now: null, note: question };
    const document = await this.revisions.find(refusal.revision);
    const own = this.ownRulesOf(refusal);
    const then = document && tell(document.policy, question, { own, now: Date.parse(refusal.lastAt) });
    const now = tell(this.policy.current.policy, question, { own, now: this.broker.clock.now() });
    return { refusal, then, now, note: noteOn(refusal, then) };
  }

  /** Rules that the client brought along, while it is here: they are not stored with a refusal. */
  private ownRulesOf({ clientId, username }: Refusal): OwnRules | null {
    const session = clientId === null ? undefined : this.broker.sessions.get(clientId);
    return session?.identity.username === username ? session.options.own : null;
  }
}

/** A will is published, and what is not delivered is seen through a subscription. */
const asked: Record<Refusal['action'], Action | null> = {
  publish: 'publish',
  will: 'publish',
  subscribe: 'subscribe',
  delivery: 'subscribe',
  connect: null,
};

function questionOf({ action, topic, decider, omits, clientId, username, address, labels }: Refusal): Question {
  if (omits !== null) return 'The row sums up several refusals: there is no one reason.';
  const verb = asked[action];
  if (verb === null) return 'No rule is asked at CONNECT: the client was not let in.';
  if (decider === null) return 'No rule was asked: the broker would refuse this to any client.';
  if (topic === null || clientId === null) return 'The topic or the client is not known.';
  return { action: verb, topic, identity: { clientId, username, address, labels } };
}

function tell(
  policy: Policy,
  question: Exclude<Question, string>,
  { own, now }: { readonly own: OwnRules | null; readonly now: number },
): Explanation {
  const { identity, action, topic } = question;
  // Its lists are read-only; the schema's are not.
  return structuredClone(explain(policy, identity, action, topic, now, own)) as Explanation;
}

function noteOn({ revision, ruleId, decider, shadow }: Refusal, then: Explanation | null): string | null {
  if (then === null) return `Revision ${revision} is not there any more.`;
  if (shadow) return 'Nothing was refused: the shadow policy would have, and it is not stored with what it says.';
  if (then.ruleId === ruleId && then.by === decider) return null;
  if (decider === 'own-rule') return 'A rule that the client brought along decided; those rules are not stored.';
  if (decider === 'authorizer') return `No rule decided, and the authorizer ${ruleId ?? ''} did not allow it.`;
  return 'Something else decided then, which is not stored: rules that the client brought along.';
}
