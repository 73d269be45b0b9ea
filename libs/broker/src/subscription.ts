import type { Qos } from './message.js';
import type { Session } from './session.js';

/** What a subscriber asks for with one filter [MQTT5 3.8.3.1]. */
export interface SubscriptionRequest {
  readonly filter: string;
  readonly qos: Qos;
  /** Own messages are not sent back. */
  readonly noLocal: boolean;
  /** Live messages keep the RETAIN flag they were published with. */
  readonly retainAsPublished: boolean;
  /** When retained messages are sent: 0 at each subscribe, 1 only at a new one, 2 never. */
  readonly retainHandling: 0 | 1 | 2;
}

/** What access control said to it. */
export interface Grant {
  /** The rule that allowed it, or null for the default. */
  readonly ruleId: string | null;
  /** Denied filters cut out of it. */
  readonly exclusions: readonly string[];
}

/** One filter of one session, as it was granted. */
export class Subscription {
  /** Its place in the list that the topic tree keeps it in. */
  slot = -1;
  readonly filter: string;
  qos: Qos;
  noLocal: boolean;
  retainAsPublished: boolean;
  ruleId: string | null;
  /** Denied filters cut out of it, or null for none: then delivery asks nothing. */
  exclusions: readonly string[] | null;

  constructor(
    readonly session: Session,
    request: Omit<SubscriptionRequest, 'retainHandling'>,
    grant: Grant,
  ) {
    this.filter = request.filter;
    this.qos = request.qos;
    this.noLocal = request.noLocal;
    this.retainAsPublished = request.retainAsPublished;
    this.ruleId = grant.ruleId;
    this.exclusions = grant.exclusions.length > 0 ? grant.exclusions : null;
  }
}
