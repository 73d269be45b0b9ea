import type { Decider } from '@perch/policy';
import type { Counters } from './counters.js';
import type { BrokerObserver, RefusedEvent } from './events.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';

/** What a client is told of the rule that refused it, beyond that it was refused. */
export interface ReasonOptions {
  /** Clients are told which rule it was: whoever tries topics learns the policy from it. Left out: they are not. */
  readonly tellReasons?: boolean;
  /** How a rule is called, say by its place and note. Left out: by its id. */
  readonly reasonOf?: (ruleId: string) => string;
}

/** A refusal of a client that is known. */
export type Refused = Omit<RefusedEvent, keyof Who>;

/** Who was refused, as far as it is known. */
export type Who = Pick<RefusedEvent, 'clientId' | 'username' | 'address' | 'labels' | 'protocol'>;

const NOBODY: Who = { clientId: null, username: null, address: null, labels: [], protocol: null };
/** Of one topic, or one replay: everybody may be subscribed to everything. */
export const TOLD_EXCLUSIONS = 64;
/** Of a reason, in characters. */
const LONGEST_REASON = 256;

/** Counts what is refused, and tells observers and clients why. */
export class Refusals {
  /** What the client may be told of the last refusal; null where there is no more to say than its kind. */
  reason: string | null = null;
  private readonly reasonOf: (ruleId: string) => string;

  constructor(
    private readonly context: { readonly counters: Counters; readonly observers: readonly BrokerObserver[] },
    private readonly options: ReasonOptions,
  ) {
    this.reasonOf = options.reasonOf ?? ((ruleId) => `rule ${ruleId}`);
  }

  /** Something that a client, or an operator's connection, was refused. */
  of(session: Session | null, refused: Refused): void {
    this.ofCaller(session ? whoIs(session) : NOBODY, refused);
  }

  /** A publish that no session stands behind, such as one over HTTP. */
  ofPublish(who: Who, refused: Omit<Refused, 'action'>): void {
    this.ofCaller(who, { action: 'publish', ...refused });
  }

  /** Anything else of somebody without a session. */
  ofCaller(who: Who, refused: Refused): void {
    const { refusal, action, topic, ruleId, by } = refused;
    const { clientId, username, address, labels, protocol } = who;
    // Spelled out: V8 gives objects shapes of their own where something follows a spread, and there may be a flood of these.
    this.tell({ refusal, action, topic, ruleId, by, clientId, username, address, labels, protocol });
  }

  /** A subscription that no session stands behind yet, such as that of an event stream. */
  ofSubscribe(who: Who, refused: Omit<Refused, 'action'>): void {
    this.ofCaller(who, { action: 'subscribe', ...refused });
  }

  /** A CONNECT, or the will in it. */
  ofConnect(event: Omit<RefusedEvent, 'action'>): void {
    this.ofCaller(event, { action: event.topic === null ? 'connect' : 'will', ...event });
  }

  /** Messages on the topic do not come through these, that match it. All are counted, and `most` told. */
  ofDelivery(excluded: readonly Subscription[], topic: string, most = TOLD_EXCLUSIONS): void {
    this.context.counters.refusedActions.delivery += excluded.length;
    for (const { session } of excluded.slice(0, most)) {
      const { ruleId, by } = session.grants.subscribe(topic);
      const event = { refusal: 'not-authorized', action: 'delivery', topic, ruleId, by, ...whoIs(session) } as const;
      for (const observer of this.context.observers) observer.refused?.(event);
    }
  }

  /** What a client may be told of what refused it; null for nothing. */
  reasonFor(ruleId: string | null, by: Decider | null): string | null {
    if (this.options.tellReasons !== true || by === null || by === 'built-in') return null;
    if (by === 'authorizer') return `Denied by the authorizer${ruleId === null ? '' : ` ${ruleId}`}.`;
    if (by === 'rule' && ruleId !== null) return `Denied by ${this.reasonOf(ruleId)}.`.slice(0, LONGEST_REASON);
    return by === 'own-rule' ? 'Denied by a rule of this client alone.' : 'Denied: no rule allows it.';
  }

  private tell(event: RefusedEvent): void {
    const { counters, observers } = this.context;
    counters.refuse(event.refusal);
    counters.refusedActions[event.action]++;
    this.reason = this.reasonFor(event.ruleId, event.by);
    for (const observer of observers) observer.refused?.(event);
  }
}

function whoIs({ identity, options }: Session): Who {
  const { clientId, username, address, labels = NOBODY.labels } = identity;
  return { clientId, username, address, labels, protocol: options.protocol };
}
