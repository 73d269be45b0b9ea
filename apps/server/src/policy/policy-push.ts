import type { Broker, Loss } from '@perch/broker';
import type { Rule } from '@perch/policy';
import type { PolicyDocument } from './policy-document.js';
import type { PolicyService } from './policy.service.js';
import { endOf, rulesEndingWithin } from './rule-ends.js';
import type { ShadowDraft } from './shadow-draft.js';

/** Who is told of what happens without an operator. */
export interface RuleEndObserver {
  /** These rules have ended, and took this from live sessions. */
  ended(rules: readonly Rule[], losses: readonly Loss[]): void;
  /** These rules end within a day; told once of each. */
  endSoon(rules: readonly Rule[]): void;
}

// setTimeout fires at once for anything longer.
const longestTimerMs = 2 ** 31 - 1;

/** How long before its end a rule is told of. */
export const WARNING_MS = 24 * 3_600_000;

/** Brings the policy to the sessions that live: when it is changed, and when a rule's time is over. */
export class PolicyPush {
  private timer: NodeJS.Timeout | null = null;
  /** Up to when rules that have ended are dealt with. */
  private judgedAt = Date.now();
  /** Rules that were told of, each with the end that it had then. */
  private warned = new Map<string, string | null>();

  constructor(
    private readonly policy: PolicyService,
    private readonly broker: Pick<Broker, 'setPolicy'>,
    private readonly observer: RuleEndObserver,
  ) {
    this.warn();
    this.waitForEnds();
  }

  /** Enforces a revision that was just stored. What it takes away is gone when this returns. */
  apply(document: PolicyDocument, { disconnect }: { readonly disconnect: boolean }): Loss[] {
    const losses = this.broker.setPolicy(this.policy.accept(document), { disconnect });
    this.judgedAt = Date.now();
    this.warn();
    this.waitForEnds();
    return losses;
  }

  /** Judges another draft beside the live policy, or none. Takes nothing from anybody. */
  applyShadow(draft: ShadowDraft | null): void {
    this.broker.setPolicy(this.policy.setShadow(draft));
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private waitForEnds(): void {
    this.stop();
    const now = Date.now();
    const at = nextMoment(this.policy.current, now);
    if (at === null) return;
    this.timer = setTimeout(() => this.passed(), Math.min(at - now + 1, longestTimerMs)).unref();
  }

  private passed(): void {
    const now = Date.now();
    const ended = rulesEndingWithin(this.policy.current.policy.rules, this.judgedAt, now - this.judgedAt);
    this.judgedAt = now;
    if (ended.length > 0) this.observer.ended(ended, this.broker.setPolicy(this.policy.compiled));
    this.warn();
    this.waitForEnds();
  }

  private warn(): void {
    const soon = rulesEndingWithin(this.policy.current.policy.rules, Date.now(), WARNING_MS);
    const fresh = soon.filter(({ id, validUntil }) => this.warned.get(id) !== validUntil);
    this.warned = new Map(soon.map(({ id, validUntil }) => [id, validUntil]));
    if (fresh.length > 0) this.observer.endSoon(fresh);
  }
}

/** The next instant at which a rule ends or is to be told of, in ms since the epoch. */
function nextMoment({ policy }: PolicyDocument, now: number): number | null {
  let next: number | null = null;
  for (const rule of policy.rules) {
    const end = endOf(rule);
    if (end === null || end <= now) continue;
    const moment = end - WARNING_MS > now ? end - WARNING_MS : end;
    next = Math.min(next ?? moment, moment);
  }
  return next;
}
