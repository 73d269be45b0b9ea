import { FilterTree, type PlacedFilter } from './filter-tree.js';
import { LintIndex } from './lint-index.js';
import { covers, shorten } from './levels.js';
import type { PolicyFix, PolicyProblem, PolicyProblemCode } from './policy-problem.js';
import type { Effect, PolicySettings, Rule } from './rule.js';
import { isLive, type LintedRule, mayClash, shadows, sharesAccess } from './shadowing.js';

/** What is wrong with rules beside other rules; of each rule the most important only. */
export class LintComparisons {
  private readonly firstLike = new Map<string, LintedRule>();
  private readonly allows = new LintIndex();
  private readonly denies = new LintIndex();
  /** Rules that decide nothing: no other rule is redundant because of them. */
  private readonly idle = new Set<LintedRule>();
  private readonly liveDenies: readonly LintedRule[];
  /** Filters of allows that keep clients apart. */
  private readonly ownTopics = new FilterTree();

  constructor(
    rules: readonly LintedRule[],
    private readonly settings: PolicySettings,
  ) {
    const live = rules.filter(isLive);
    this.liveDenies = live.filter(({ rule }) => rule.effect === 'deny');
    for (const rule of live) {
      this.of(rule.rule.effect).add(rule);
      if (rule.rule.effect === 'deny') continue;
      for (const filter of rule.filters) if (PLACEHOLDER.test(filter)) this.ownTopics.add({ rule, filter });
    }
  }

  /** E6 and W1. Each rule once, from the first to the last, and before anything else is asked. */
  neverDeciding(linted: LintedRule): PolicyProblem[] {
    const key = identityOf(linted.rule);
    const twin = this.firstLike.get(key);
    if (twin !== undefined) return this.isIdle(linted, duplicateOf(linted.rule, twin));
    this.firstLike.set(key, linted);
    if (!isLive(linted)) return [];
    const isShadow = (rule: LintedRule) => rule.index < linted.index && shadows(rule, linted);
    const [allow, deny] = [this.allows, this.denies].map((rules) => rules.firstCoveringAll(linted, isShadow));
    const shadow = allow !== undefined && deny !== undefined && deny.index < allow.index ? deny : (allow ?? deny);
    return shadow === undefined ? [] : this.isIdle(linted, neverReached(linted, shadow));
  }

  /** W2 to W5, of a rule that decides something. */
  doubtful(linted: LintedRule): PolicyProblem[] {
    if (this.idle.has(linted) || !isLive(linted)) return [];
    const late = this.behindAllow(linted);
    const found = [late ?? this.redundant(linted), this.aboveDeny(linted), this.exposing(linted)];
    return found.filter((problem) => problem !== null);
  }

  private isIdle(linted: LintedRule, problem: PolicyProblem): PolicyProblem[] {
    this.idle.add(linted);
    return [problem];
  }

  private of(effect: Effect): LintIndex {
    return effect === 'allow' ? this.allows : this.denies;
  }

  /** W2: whatever it decides, the next that would decide it decides alike, with nothing different between the two. */
  private redundant(linted: LintedRule): PolicyProblem | null {
    const { effect } = linted.rule;
    const settles = (rule: LintedRule) => rule.index > linted.index && !this.idle.has(rule) && shadows(rule, linted);
    const next = this.of(effect).firstCoveringAll(linted, settles);
    // W4 speaks of that one: it is no reason to leave this one out.
    if (next !== undefined && linted.filters.some((own) => next.filters.some((wide) => opens(wide, own)))) return null;
    const isDefault = next === undefined && this.settings.noMatch === effect;
    if ((next === undefined && !isDefault) || (isDefault && speaksOfEverything(linted))) return null;
    const end = next?.index ?? Number.POSITIVE_INFINITY;
    const isBetween = ({ index }: LintedRule) => index > linted.index && index < end;
    if (this.of(effect === 'allow' ? 'deny' : 'allow').someMeeting(linted, isBetween)) return null;
    const why =
      next === undefined ? `what no rule decides is ${past(effect)} anyway` : `rule ${next.index + 1} decides it alike`;
    return warning(linted, 'W2', {
      message: `Redundant: without this rule, ${why}.`,
      other: next,
      fix: removal(linted),
    });
  }

  /** W3: the last word on everything, with denies behind it that hardly anybody ever reaches. */
  private aboveDeny(linted: LintedRule): PolicyProblem | null {
    if (linted.rule.effect !== 'allow' || !speaksOfEverything(linted)) return null;
    const isBehind = (rule: LintedRule) => rule.index > linted.index && mayClash(linted, rule);
    const [first, last] = [this.liveDenies.find(isBehind), this.liveDenies.findLast(isBehind)];
    if (first === undefined || last === undefined) return null;
    const message = `Everything is allowed here before rule ${first.index + 1} is asked, which denies a part of it.`;
    const fix = movement(linted, last.index, `Move it below rule ${last.index + 1}`);
    return warning(linted, 'W3', { message, other: first, fix });
  }

  /** W4: `toDevice/+` for anybody beside `toDevice/%c`, which keeps clients apart. */
  private exposing(linted: LintedRule): PolicyProblem | null {
    const { rule, filters } = linted;
    if (rule.effect !== 'allow' || !isBroad(linted)) return null;
    for (const [place, filter] of filters.entries()) {
      if (!/[+#]/.test(filter)) continue;
      const kept = this.ownTopics.findOverlapping(filter, (own) => this.isOpened(linted, filter, own));
      if (kept === undefined) continue;
      const message = `“${shorten(filter)}” opens to everybody what “${kept.filter}” in rule ${kept.rule.index + 1} keeps to each client.`;
      return warning(linted, 'W4', { message, other: kept.rule, fix: narrowing(linted, place, kept.filter) });
    }
    return null;
  }

  /** W5: a deny that still cuts topics out of wider subscriptions, but does not do what it says. */
  private behindAllow(linted: LintedRule): PolicyProblem | null {
    if (linted.rule.effect !== 'deny') return null;
    for (const filter of linted.filters) {
      const isBefore = (rule: LintedRule) => rule.index < linted.index && sharesAccess(rule, linted);
      const before = this.allows.firstCovering(linted, filter, isBefore);
      if (before === undefined) continue;
      const message = `Too late: rule ${before.index + 1} allows “${shorten(filter)}” before.`;
      return warning(linted, 'W5', { message, other: before, fix: raise(linted, before) });
    }
    return null;
  }

  private isOpened(linted: LintedRule, filter: string, own: PlacedFilter): boolean {
    if (own.rule === linted || !sharesAccess(own.rule, linted) || !opens(filter, own.filter)) return false;
    const takes = ({ index, rule }: LintedRule) =>
      index < linted.index && (rule.access === 'pubsub' || rule.access === linted.rule.access);
    return this.denies.firstCovering(linted, own.filter, takes) === undefined;
  }
}

const PLACEHOLDER = /(?<=^|\/)%[cu](?=\/|$)/;

/** Two rules with the same text here say the same. */
function identityOf(rule: Rule): string {
  const { effect, subject, access, enabled, mode, validUntil } = rule;
  const value = subject === 'everyone' ? '*' : rule.value;
  return JSON.stringify([effect, subject, value, access, enabled, mode, validUntil, [...new Set(rule.topics)].sort()]);
}

function duplicateOf(rule: Rule, twin: LintedRule): PolicyProblem {
  const message = `The same as rule ${twin.index + 1}.`;
  const fix: PolicyFix = { title: 'Remove it', edits: [{ type: 'remove', id: rule.id }] };
  return { ruleId: rule.id, code: 'E6', severity: 'error', message, otherRuleId: twin.rule.id, fix };
}

function neverReached(linted: LintedRule, shadow: LintedRule): PolicyProblem {
  const message = `Never reached: rule ${shadow.index + 1} decides everything that it speaks of.`;
  const isMeant = linted.rule.effect === 'deny' && shadow.rule.effect === 'allow';
  return warning(linted, 'W1', { message, other: shadow, fix: isMeant ? raise(linted, shadow) : removal(linted) });
}

function warning(
  { rule }: LintedRule,
  code: PolicyProblemCode,
  { message, other, fix }: { message: string; other?: LintedRule | undefined; fix?: PolicyFix | undefined },
): PolicyProblem {
  const otherRuleId = other?.rule.id;
  return {
    ...{ ruleId: rule.id, code, severity: 'warning', message },
    ...(otherRuleId !== undefined && { otherRuleId }),
    ...(fix !== undefined && { fix }),
  };
}

function removal({ rule }: LintedRule): PolicyFix {
  return { title: 'Remove it', edits: [{ type: 'remove', id: rule.id }] };
}

/** A deny that comes earlier denies what it says; nothing more is allowed by that. */
function raise(linted: LintedRule, above: LintedRule): PolicyFix {
  return movement(linted, above.index, `Move it above rule ${above.index + 1}`);
}

function movement({ rule }: LintedRule, to: number, title: string): PolicyFix {
  return { title, edits: [{ type: 'move', ids: [rule.id], to }] };
}

/** The placeholder in place of the wildcard, where that is all in which the two filters differ. */
function narrowing({ rule }: LintedRule, place: number, own: string): PolicyFix | undefined {
  const [wide, kept] = [rule.topics[place]?.split('/') ?? [], own.split('/')];
  const isAlike =
    wide.length === kept.length &&
    wide.every((level, depth) => level === kept[depth] || (level === '+' && /^%[cu]$/.test(kept[depth] ?? '')));
  if (!isAlike) return undefined;
  const topics = [...new Set(rule.topics.with(place, own))];
  return { title: `Make it “${own}”`, edits: [{ type: 'change', id: rule.id, patch: { topics } }] };
}

function speaksOfEverything({ speaksOf, filters }: LintedRule): boolean {
  return speaksOf.isAnyone && filters.includes('+/#');
}

/** Whether it speaks of whoever comes, not of somebody in particular. */
function isBroad({ speaksOf, rule }: LintedRule): boolean {
  return speaksOf.isAnyone || (rule.subject === 'username' && rule.value === '*');
}

/** Whether the wide filter holds what the other keeps apart, with a wildcard where that one has a placeholder. */
function opens(wide: string, own: string): boolean {
  if (!covers(wide, own)) return false;
  const levels = wide.split('/');
  return own.split('/').some((level, depth) => PLACEHOLDER.test(level) && levels[depth] !== level);
}

function past(effect: Effect): string {
  return effect === 'allow' ? 'allowed' : 'denied';
}
