import { parseInstant } from './instant.js';
import { spellOut } from './levels.js';
import { fillIn, hasPlaceholder, type PlaceholderValues } from './placeholders.js';
import type { Rule } from './rule.js';
import { plainVerdict, type PolicyDecider, type SubscribeVerdict } from './verdict.js';

/** An enforced, valid rule made ready for judging: shared by the grants of every client. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Its place among those that are asked: the lowest one that applies decides. A client's own may be below 0. */
  readonly position: number;
  /** Spelled out. */
  readonly filters: readonly string[];
  /** True when a filter names the client, so that what the rule says differs from client to client. */
  readonly hasPlaceholder: boolean;
  /** The instant from which it no longer applies; infinite for ever. */
  readonly expiresAt: number;
  /** What is decided when this rule decides and nothing is excluded. */
  readonly verdict: SubscribeVerdict & DecidedBy;
}

/** Who is judged, and when: what a rule has to be asked with. */
export interface JudgedClient {
  readonly values: PlaceholderValues;
  readonly nowMs: number;
}

/** Makes a valid rule ready for judging; `by` says whose it is. */
export function compileRule({ rule, position, by }: Uncompiled): CompiledRule {
  // A topic that is there twice says nothing more.
  const filters = [...new Set(rule.topics.map(spellOut))];
  return {
    rule,
    position,
    filters,
    hasPlaceholder: filters.some(hasPlaceholder),
    expiresAt: expiryOf(rule),
    verdict: plainVerdict({ allowed: rule.effect === 'allow', ruleId: rule.id, by }),
  };
}

type Uncompiled = Pick<CompiledRule, 'rule' | 'position'> & DecidedBy;

interface DecidedBy {
  readonly by: PolicyDecider;
}

/** The instant (ms) from which a valid rule no longer applies; infinite for ever. */
export function expiryOf({ validUntil }: Pick<Rule, 'validUntil'>): number {
  return (validUntil === null ? null : parseInstant(validUntil)) ?? Number.POSITIVE_INFINITY;
}

/** Whether the rule applies to this client at all, once its subject is known to match. */
export function isInForce(compiled: CompiledRule, client: JudgedClient): boolean {
  if (hasEnded(compiled, client)) return false;
  return !compiled.hasPlaceholder || clientFilters(compiled, client.values).length > 0;
}

/** The rule no longer applies to anybody. When it is, is asked only where that matters. */
export function hasEnded({ expiresAt }: CompiledRule, client: JudgedClient): boolean {
  return expiresAt !== Number.POSITIVE_INFINITY && expiresAt <= client.nowMs;
}

/**
 * The rule's filters for one client, empty when it does not apply to that client. An allow applies as a whole or not at
 * all. A deny keeps the filters that can be filled in: otherwise a client could slip out of `deny secret/#,own/%c` by
 * choosing an id that fits nowhere.
 */
export function clientFilters(compiled: CompiledRule, values: PlaceholderValues): readonly string[] {
  if (!compiled.hasPlaceholder) return compiled.filters;
  const filled = compiled.filters.map((filter) => fillIn(filter, values));
  const usable = filled.filter((filter) => filter !== null);
  return compiled.rule.effect === 'allow' && usable.length < filled.length ? [] : usable;
}
