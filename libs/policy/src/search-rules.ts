import type { CompiledRule } from './compiled-rule.js';
import { freshLevel, topicOutside } from './example-topic.js';
import { overlap, meet, shorten } from './levels.js';
import { asWildcards, fillIn, mayLead, type PlaceholderValues, placeholderValues } from './placeholders.js';
import type { Action, PolicySettings, Subject } from './rule.js';
import { mayMeet, speaksOfAll, subjectScope, type SubjectScope } from './subject-scope.js';

/** What one rule lets whoever it speaks of do, of what was asked for. */
export interface RuleAccess {
  /** The rule that allows it; null for the default. */
  readonly ruleId: string | null;
  /** Whom it lets: as in the rule, or narrower where only one client or user fits its placeholder. */
  readonly subject: Subject;
  readonly value: string;
  /** What it lets them reach of what was asked for. A `%c` or `%u` in it is each client's own. */
  readonly filter: string;
  /** `all`: the whole filter that was asked for, with nothing certainly cut out of it. */
  readonly extent: 'all' | 'part';
  /** The denies before it that take something of it away, in their order. */
  readonly cuts: readonly RuleCut[];
  /** One topic of it, with made-up names where any may stand. */
  readonly example: string;
}

/** A deny that cuts into what a later rule allows. */
export interface RuleCut {
  readonly ruleId: string;
  readonly subject: Subject;
  readonly value: string;
  readonly filter: string;
  /** Whether it speaks of all whom the allow speaks of, or perhaps of some of them. */
  readonly of: 'all' | 'some';
}

/** What is asked for, spelled out. */
interface Wanted {
  readonly action: Action;
  readonly filter: string;
}

/** What the rules let anybody do of this, by whom they speak of. `rules` are those that may have a say, in their order. */
export function rulesThatAllow(rules: readonly CompiledRule[], wanted: Wanted, settings: PolicySettings): RuleAccess[] {
  const denies: ScopedFilter[] = [];
  const found: RuleAccess[] = [];
  const allow = (allowed: Allowed) => {
    const access = accessOf(allowed, denies, wanted);
    if (access !== null) found.push(access);
  };
  for (const compiled of rules) {
    const { rule } = compiled;
    for (const filter of possibleFilters(compiled)) {
      const placed = { ruleId: rule.id, scope: subjectScope(rule), filter, wild: asWildcards(filter) };
      if (rule.effect === 'deny') denies.push(placed);
      else bind(placed, wanted.filter).forEach(allow);
    }
  }
  if (settings.noMatch === 'allow') allow({ ruleId: null, scope: EVERYONE, filter: wanted.filter, values: {} });
  return found;
}

/** The filters that can be filled in at all: the client id or the user name that the rule names may be no level. */
function possibleFilters({ rule, filters }: CompiledRule): readonly string[] {
  const exact = (subject: Subject) => (rule.subject === subject && rule.value !== '*' ? rule.value : 'x');
  const values = placeholderValues({ clientId: exact('clientid'), username: exact('username'), address: null });
  const usable = filters.filter((filter) => fillIn(filter, values) !== null);
  return rule.effect === 'allow' && usable.length < filters.length ? [] : usable;
}

const EVERYONE = subjectScope({ subject: 'everyone', value: '*' });

interface ScopedFilter {
  readonly ruleId: string;
  readonly scope: SubjectScope;
  readonly filter: string;
  /** The filter with any value where a placeholder stands. */
  readonly wild: string;
}

/** What a placeholder must stand for, where only one value fits. */
interface Bound {
  readonly clientId?: string;
  readonly username?: string;
}

interface Allowed {
  readonly ruleId: string | null;
  readonly scope: SubjectScope;
  /** The part of what was asked for. */
  readonly filter: string;
  readonly values: Bound;
}

/** The part of `wanted` that the rule's filter allows, with its placeholders bound where one value alone fits; or none. */
function bind({ ruleId, scope, filter, wild }: ScopedFilter, wanted: string): Allowed[] {
  if (!overlap(wild, wanted)) return [];
  const levels = wanted.split('/');
  let values: Bound = ofSubject(scope);
  for (const [depth, level] of filter.split('/').entries()) {
    const beside = levels[depth] ?? '#';
    if (beside === '#') break;
    const name = level === '%c' ? 'clientId' : level === '%u' ? 'username' : null;
    if (name === null || beside === '+') continue;
    if (beside === '' || (depth === 0 && !mayLead(beside)) || (values[name] ?? beside) !== beside) return [];
    values = { ...values, [name]: beside };
  }
  const filled = fillIn(filter, { clientId: values.clientId ?? '%c', username: values.username ?? '%u' });
  if (filled === null || !overlap(asWildcards(filled), wanted)) return [];
  const part = meet(filled.split('/'), levels).join('/');
  return [{ ruleId, scope: narrowed(scope, values), filter: part, values }];
}

/** A rule about one client, or one user, knows what its placeholder stands for. */
function ofSubject({ subject, value }: SubjectScope): Bound {
  if (value === '*') return {};
  if (subject === 'clientid') return { clientId: value };
  return subject === 'username' ? { username: value } : {};
}

/** `clientid *` with a topic that only one client's own can be speaks of that client. */
function narrowed(scope: SubjectScope, { clientId, username }: Bound): SubjectScope {
  if (scope.isAnyone && clientId !== undefined) return subjectScope({ subject: 'clientid', value: clientId });
  const isAnyUser = scope.isAnyone || (scope.subject === 'username' && scope.value === '*');
  return isAnyUser && username !== undefined ? subjectScope({ subject: 'username', value: username }) : scope;
}

function accessOf(
  { ruleId, scope, filter, values }: Allowed,
  denies: readonly ScopedFilter[],
  wanted: Wanted,
): RuleAccess | null {
  const part = asWildcards(filter);
  const cutting = denies.filter((deny) => overlap(deny.wild, part) && mayMeet(deny.scope, scope));
  const sample = sampleFor(filter, values, cutting);
  // Whoever has no value for the placeholder of a deny is not denied by it.
  const isCertain = (deny: ScopedFilter) => speaksOfAll(deny.scope, scope) && fillIn(deny.filter, sample) !== null;
  const certain = cutting.filter(isCertain);
  const denied = certain.map((deny) => fillIn(deny.filter, sample) ?? deny.filter);
  if (wanted.action === 'publish') denied.push('$SYS/#');
  const example = topicOutside(fillIn(filter, sample) ?? filter, denied);
  if (example === null) return null;
  const isAll = filter === wanted.filter && certain.length === 0;
  const { subject, value } = scope;
  return {
    ...{ ruleId, subject, value, filter: shorten(filter), extent: isAll ? 'all' : 'part', example },
    cuts: cutting.map((deny) => ({
      ...{ ruleId: deny.ruleId, subject: deny.scope.subject, value: deny.scope.value, filter: shorten(deny.filter) },
      of: certain.includes(deny) ? 'all' : 'some',
    })),
  };
}

/** Made-up values for the placeholders that whoever the rule allows this is known to have a value for. */
function sampleFor(filter: string, { clientId, username }: Bound, denies: readonly ScopedFilter[]): PlaceholderValues {
  const taken = [filter, ...denies.map((deny) => deny.filter)];
  const levels = filter.split('/');
  const name = freshLevel(taken);
  return placeholderValues({
    clientId: clientId ?? (levels.includes('%c') ? name : ''),
    username: username ?? (levels.includes('%u') ? freshLevel([...taken, name]) : null),
    address: null,
  });
}
