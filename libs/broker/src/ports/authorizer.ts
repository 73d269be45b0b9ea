import type { Action, ClientIdentity } from '@perch/policy';

/** What an authorizer says. */
export interface Authorization {
  /** Null: it has nothing to say either, and the policy's default decides. */
  readonly allowed: boolean | null;
  /** Until when it counts, in ms since the epoch: it is asked again before that. Null: as long as the session lives. */
  readonly validUntil: number | null;
  /** Who of those that were asked said no. Operators see it; clients do where they are told reasons. */
  readonly by?: string;
}

/** Why there is no answer, and from whom: what an authorizer may reject with. */
export class Unanswered extends Error {
  constructor(
    message: string,
    readonly by: string,
  ) {
    super(message);
  }
}

/**
 * Decides what neither the policy's rules nor the client's own have anything to say about, and may take its time: the
 * client waits meanwhile. It bounds by itself how much it does at a time. Who rejects, or takes longer than `limits.authorizerTimeoutMs`, has refused.
 */
export interface Authorizer {
  /** `topic` is what is published to, or the filter of a subscription without its `$share/…`. */
  ask(identity: ClientIdentity, action: Action, topic: string): Promise<Authorization>;
}
