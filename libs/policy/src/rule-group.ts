import { type CompiledRule, isInForce, type JudgedClient } from './compiled-rule.js';
import { FilterIndex } from './filter-index.js';

/** The rules that speak of the same subject, in policy order: what all clients of that subject share. */
export class RuleGroup {
  /** Answers which rule decides a publish. */
  readonly publishing: FilterIndex;
  /** Answers which rule decides a subscription. */
  readonly subscribing: FilterIndex;
  /** The denies that may cut topics out of a wider subscription. */
  readonly subscribeDenies: FilterIndex;
  private readonly expiring: readonly CompiledRule[];

  constructor(readonly rules: readonly CompiledRule[]) {
    const forSubscribe = rules.filter(({ rule }) => rule.access !== 'pub');
    this.publishing = new FilterIndex(rules.filter(({ rule }) => rule.access !== 'sub'));
    this.subscribing = new FilterIndex(forSubscribe);
    this.subscribeDenies = new FilterIndex(forSubscribe.filter(({ rule }) => rule.effect === 'deny'));
    this.expiring = rules.filter(({ expiresAt }) => Number.isFinite(expiresAt));
  }

  /** Some of its rules stop applying with time. */
  get mayExpire(): boolean {
    return this.expiring.length > 0;
  }

  /** The next instant at which a rule of this group stops applying to the client; infinite when none does. */
  nextExpiry(client: JudgedClient): number {
    return this.expiring
      .filter((compiled) => isInForce(compiled, client))
      .reduce((next, { expiresAt }) => Math.min(next, expiresAt), Number.POSITIVE_INFINITY);
  }
}
