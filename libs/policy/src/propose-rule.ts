import { compilePolicy } from './compile-policy.js';
import { explain } from './explain.js';
import type { ExplainStep } from './explain-step.js';
import { splitSharedFilter } from './filter.js';
import type { SearchedClient } from './reach.js';
import type { Action, Effect, Policy, Rule } from './rule.js';
import { hasUsername } from './subject.js';
import { validateRule } from './validate-rule.js';
import type { SubscribeVerdict, Verdict } from './verdict.js';

/** What a client asked for. */
export interface AccessRequest {
  readonly client: SearchedClient;
  readonly action: Action;
  /** The topic, or the filter as it was asked for. */
  readonly topic: string;
}

/** A rule that would settle the request, and where it has to stand. */
export interface Proposal {
  /** `one`: for this client alone; `each-own`: for every client, on the topics of its own. */
  readonly scope: 'one' | 'each-own';
  readonly rule: Omit<Rule, 'id'>;
  /** Its index in the list once it is there. */
  readonly position: number;
  /** Those of the recorded requests that would be decided otherwise. */
  readonly changes: readonly AccessRequest[];
}

/** The narrowest rule first; or why there is none. */
export interface Proposals {
  readonly proposals: readonly Proposal[];
  readonly obstacle: string | null;
}

/** What is wanted of a proposal. */
export interface Wish {
  readonly effect: Effect;
  readonly nowMs: number;
  /** What else was asked, refused and granted: which of it a proposal changes is told. */
  readonly recorded?: readonly AccessRequest[];
}

/**
 * The rules that would allow (or deny) exactly this, each of them tried: with it in its place, the request has the wanted
 * verdict as a whole. For the client's id first, or for its user name where the id looks made up by a client library.
 */
export function proposeRule(policy: Policy, request: AccessRequest, wish: Wish): Proposals {
  const judged = explainRequest(policy, request, wish.nowMs);
  if (judged.by === 'built-in') return { proposals: [], obstacle: judged.reason };
  if (isSettled(judged, wish.effect)) return { proposals: [], obstacle: `Nothing to do. ${judged.reason}` };
  const position = positionFor(policy, judged.steps, wish.effect);
  const trial = new Trial(policy, request, wish);
  const proposals = candidates(request, wish.effect).flatMap(({ scope, rule }) => {
    const changes = trial.changesBy(rule, position);
    return changes === null ? [] : [{ scope, rule, position, changes }];
  });
  return { proposals, obstacle: proposals.length > 0 ? null : obstacleOf(judged, request, wish.effect) };
}

function obstacleOf({ steps }: Judged, { client }: AccessRequest, effect: Effect): string {
  const isOwn = client.own?.place === 'before' && steps.some((step) => step.isOwn && isInTheWay(step, effect));
  if (isOwn) return 'No rule of the policy can settle this: the rules that the client brought along come first.';
  return 'No rule can name this client and this topic.';
}

type Judged = ReturnType<typeof explain>;

function explainRequest(policy: Policy, { client, action, topic }: AccessRequest, nowMs: number): Judged {
  return explain(policy, client.identity, action, topic, nowMs, client.own);
}

function isSettled(verdict: Pick<Judged, 'allowed' | 'exclusions'>, effect: Effect): boolean {
  return effect === 'deny' ? !verdict.allowed : verdict.allowed && verdict.exclusions.length === 0;
}

/** Before the first rule that stands in the way; with none, at the end. A deny that cuts something out is in an allow's way. */
function positionFor(policy: Policy, steps: Judged['steps'], effect: Effect): number {
  return steps.find((step) => !step.isOwn && isInTheWay(step, effect))?.index ?? policy.rules.length;
}

function isInTheWay({ applies, outcome }: ExplainStep, effect: Effect): boolean {
  return applies || (effect === 'allow' && outcome === 'excludes');
}

type Candidate = Pick<Proposal, 'scope' | 'rule'>;

function candidates({ client: { identity }, action, topic }: AccessRequest, effect: Effect): Candidate[] {
  const { clientId, username, address } = identity;
  const filter = action === 'subscribe' ? (splitSharedFilter(topic)?.filter ?? topic) : topic;
  const rule = (subject: Rule['subject'], value: string, asked: string): Omit<Rule, 'id'> => ({
    ...{ effect, subject, value, access: action === 'publish' ? 'pub' : 'sub', topics: [asked] },
    ...{ enabled: true, mode: 'enforce', validUntil: null, note: '' },
  });
  const byClient = rule('clientid', clientId, filter);
  const byUser = hasUsername(identity) ? [rule('username', username ?? '', filter)] : [];
  const byAddress = address === null ? [] : [rule('ipaddr', address, filter)];
  const narrow = looksMadeUp(clientId) ? [...byUser, byClient] : [byClient, ...byUser];
  const own = [
    { subject: 'clientid' as const, asked: withPlaceholder(filter, clientId, '%c') },
    { subject: 'username' as const, asked: withPlaceholder(filter, username ?? '', '%u') },
  ];
  return [
    // `*` would speak of everybody.
    ...[...narrow, ...byAddress]
      .filter(({ value }) => value !== '*')
      .map((each) => ({ scope: 'one' as const, rule: each })),
    ...own
      .filter(({ asked }) => effect === 'allow' && asked !== filter)
      .map(({ subject, asked }) => ({ scope: 'each-own' as const, rule: rule(subject, '*', asked) })),
  ];
}

function withPlaceholder(filter: string, value: string, placeholder: string): string {
  if (value === '') return filter;
  return filter
    .split('/')
    .map((level) => (level === value ? placeholder : level))
    .join('/');
}

/** Ids that client libraries, or the broker, make up for each connection. */
function looksMadeUp(clientId: string): boolean {
  return /^(mqttjs_|mqttx_|mosq[-/_]|paho|auto-|nodered_|python-mqtt|rumqtt|perch-[0-9a-f]{20}$)/i.test(clientId);
}

/** Tries rules out: judges the request, and everything recorded, with and without them. */
class Trial {
  private readonly before: readonly string[];

  constructor(
    private readonly policy: Policy,
    private readonly request: AccessRequest,
    private readonly wish: Wish,
  ) {
    this.before = this.judgeRecorded(policy);
  }

  /** The recorded requests that the rule would change; null when it does not settle the request. */
  changesBy(draft: Omit<Rule, 'id'>, position: number): AccessRequest[] | null {
    if (validateRule(draft).length > 0) return null;
    const rules = this.policy.rules.toSpliced(position, 0, { id: 'proposed', ...draft });
    const policy = { ...this.policy, rules };
    if (!isSettled(explainRequest(policy, this.request, this.wish.nowMs), this.wish.effect)) return null;
    const after = this.judgeRecorded(policy);
    return (this.wish.recorded ?? []).filter(
      (each, index) => after[index] !== this.before[index] && !this.isSame(each),
    );
  }

  private judgeRecorded(policy: Policy): string[] {
    const compiled = compilePolicy(policy);
    return (this.wish.recorded ?? []).map(({ client, action, topic }) => {
      const grants = compiled.grantsFor(client.identity, this.wish.nowMs, client.own);
      const verdict: Verdict | SubscribeVerdict = grants[action](topic);
      return JSON.stringify([verdict.allowed, 'exclusions' in verdict ? verdict.exclusions : []]);
    });
  }

  private isSame({ client, action, topic }: AccessRequest): boolean {
    const { request } = this;
    const [a, b] = [client.identity, request.client.identity];
    return (
      action === request.action && topic === request.topic && a.clientId === b.clientId && a.username === b.username
    );
  }
}
