import type { Broker, Loss, Revocation } from '@perch/broker';
import type { PolicyDocument } from './policy-document.js';
import type { PolicyService } from './policy.service.js';

// setTimeout fires at once for anything longer.
const longestTimerMs = 2 ** 31 - 1;

/** Brings the policy to the sessions that live: when it is changed, and when a rule's time is over. */
export class PolicyPush {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly policy: PolicyService,
    private readonly broker: Pick<Broker, 'setPolicy'>,
  ) {
    this.waitForExpiry();
  }

  /** Enforces a revision that was just stored. What it takes away is gone when this returns. */
  apply(document: PolicyDocument, revocation?: Revocation): Loss[] {
    const losses = this.broker.setPolicy(this.policy.accept(document), revocation);
    this.waitForExpiry();
    return losses;
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private waitForExpiry(): void {
    this.stop();
    const at = nextExpiry(this.policy.current, Date.now());
    if (at === null) return;
    const delayMs = Math.min(at - Date.now() + 1, longestTimerMs);
    this.timer = setTimeout(() => this.expire(), delayMs).unref();
  }

  private expire(): void {
    this.broker.setPolicy(this.policy.compiled);
    this.waitForExpiry();
  }
}

/** The next instant at which a rule that applies now will no longer, in ms since the epoch. */
export function nextExpiry({ policy }: PolicyDocument, now: number): number | null {
  const instants = policy.rules
    .filter((rule) => rule.enabled && rule.validUntil !== null)
    .map((rule) => Date.parse(rule.validUntil ?? ''))
    .filter((instant) => instant > now);
  return instants.length === 0 ? null : instants.reduce((a, b) => Math.min(a, b));
}
