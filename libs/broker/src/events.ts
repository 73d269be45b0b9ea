import type { Action, Decider } from '@perch/policy';
import type { Refusal } from './refusal.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';

/** Why a session ended: a refusal, or the client's own doing. */
export type CloseReason = Refusal | 'client-disconnected' | 'disconnected-with-will' | 'connection-lost';

/** A refusal as it is told to observers. */
export interface RefusedEvent {
  readonly refusal: Refusal;
  /**
   * `delivery`: messages on the topic do not come through a subscription that matches it, because of an exclusion. Told
   * when the receivers of the topic are worked out, not per message; of retained messages when they are replayed.
   */
  readonly action: Action | 'connect' | 'will' | 'delivery';
  readonly clientId: string | null;
  readonly username: string | null;
  readonly address: string | null;
  readonly labels: readonly string[];
  readonly protocol: string | null;
  readonly topic: string | null;
  /** The deciding rule or authorizer, or null where none decided. */
  readonly ruleId: string | null;
  /** What decided, or null where access control did not: wrong credentials, a limit. */
  readonly by: Decider | null;
}

/** Somebody who wants to know. Called synchronously: do little, never throw, never per delivered message. */
export interface BrokerObserver {
  opened?(session: Session): void;
  closed?(session: Session, reason: CloseReason): void;
  /** The client has authenticated again, as another user. */
  renamed?(session: Session): void;
  subscribed?(subscription: Subscription): void;
  unsubscribed?(subscription: Subscription): void;
  refused?(event: RefusedEvent): void;
}
