import type { CompiledPolicy } from '@perch/policy';
import type { Limits } from './limits.js';
import type { Authenticator } from './ports/authenticator.js';
import type { Authorizer } from './ports/authorizer.js';
import type { Clock } from './ports/clock.js';
import type { RetainedStore } from './ports/retained-store.js';
import type { SessionStore } from './ports/session-store.js';
import type { ReasonOptions } from './refusals.js';

/** What a broker is made of. Only the authenticator and the policy have no default. */
export interface BrokerOptions extends ReasonOptions {
  readonly authenticator: Authenticator;
  readonly policy: CompiledPolicy;
  /** Asked where neither the policy nor a client's own rules have anything to say. Left out: nobody is. */
  readonly authorizer?: Authorizer;
  readonly retainedStore?: RetainedStore;
  readonly sessionStore?: SessionStore;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly nodeName?: string;
  readonly version?: string;
  /** Where clients that ask for it may expect answers to their requests; %c is the client id, %u the user name. */
  readonly responseTopicPrefix?: string | undefined;
  /** Servers that clients may turn to when this one goes down or is full, as MQTT 5 lists them [MQTT5 4.11]. */
  readonly serverReference?: string | undefined;
  /** Told of faults that nobody waits for. Never called per message in normal running. */
  readonly report?: (error: unknown, what: string) => void;
  /** Told of each client that presence forgets at its bound. */
  readonly forgotten?: (clientId: string) => void;
}
