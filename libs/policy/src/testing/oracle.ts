import type { ClientIdentity, OwnRules, Policy, Rule } from '../rule.js';
import type { Decider } from '../verdict.js';

/**
 * A second opinion, written as differently as possible: filters are regular expressions, and sets of topics are compared
 * topic by topic over every topic of a small world. Slow, and easy to believe.
 */

const WORLD_LEVELS = ['', 'a', 'b', '$s'];

/** Every topic of one to four levels over a few names, the empty level and a `$` name, and the broker's own. */
export const worldTopics: readonly string[] = [
  ...[1, 2, 3, 4].flatMap((depth) => combinations(WORLD_LEVELS, depth)).filter((topic) => topic !== ''),
  '$SYS',
  '$SYS/a',
];

/** Every filter of one to three levels over the same names, with wildcards. */
export const worldFilters: readonly string[] = [1, 2, 3]
  .flatMap((depth) => combinations([...WORLD_LEVELS, '+'], depth))
  .flatMap((filter) => [filter, filter.replace(/[^/]*$/, '#')])
  .filter((filter, index, all) => filter !== '' && all.indexOf(filter) === index);

/** Whether the filter matches the topic, by a regular expression. */
export function oracleMatches(filter: string, topic: string): boolean {
  if (/^[+#]/.test(filter) && topic.startsWith('$')) return false;
  return filterRegExp(filter).test(topic);
}

/** The topics of the world that the filter matches, one bit each. */
export function topicSet(filter: string): bigint {
  const known = sets.get(filter);
  if (known !== undefined) return known;
  const bits = worldTopics.map((topic) => (oracleMatches(filter, topic) ? '1' : '0')).join('');
  const set = BigInt(`0b${bits}`);
  sets.set(filter, set);
  return set;
}

/** Whether the first set holds the whole second one. */
export function includes(wide: bigint, narrow: bigint): boolean {
  return (narrow & ~wide) === 0n;
}

/** What the oracle decides. */
export interface OracleVerdict {
  readonly allowed: boolean;
  readonly ruleId: string | null;
  readonly by: Decider;
  readonly exclusions: readonly string[];
}

/** Judges by reading the list from the top, every time, with nothing prepared. */
export function oracleJudge(given: Policy, client: ClientIdentity & { nowMs: number }, own: OwnRules | null = null) {
  const { rules = [], place } = own ?? {};
  const all = place === 'before' ? [...rules, ...given.rules] : [...given.rules, ...rules];
  const policy = { ...given, rules: all };
  const decidedBy = (rule: Rule | undefined) => ({
    ruleId: rule?.id ?? null,
    by: rule === undefined ? ('default' as const) : rules.includes(rule) ? ('own-rule' as const) : ('rule' as const),
  });
  return {
    publish(topic: string): OracleVerdict {
      if (/^\$SYS(\/|$)/.test(topic) || /[+#]/.test(topic)) return refused;
      const rule = policy.rules.find(
        (each) => isAsked(each, client, 'pub') && oracleFilters(each, client).some((f) => oracleMatches(f, topic)),
      );
      const allowed = (rule?.effect ?? policy.settings.noMatch) === 'allow';
      return { allowed, ...decidedBy(rule), exclusions: [] };
    },
    subscribe(filter: string): OracleVerdict {
      const wanted = topicSet(filter);
      const asked = policy.rules.filter((rule) => isAsked(rule, client, 'sub'));
      const decides = (rule: Rule) => oracleFilters(rule, client).some((each) => includes(topicSet(each), wanted));
      const decider = asked.find(decides);
      const allowed = (decider?.effect ?? policy.settings.noMatch) === 'allow';
      if (!allowed) return { allowed, ...decidedBy(decider), exclusions: [] };
      const before = decider === undefined ? asked : asked.slice(0, asked.indexOf(decider));
      const cuts = before
        .filter((rule) => rule.effect === 'deny')
        .flatMap((rule) => oracleFilters(rule, client).map((text) => ({ rule, text })))
        .filter(({ text }) => (topicSet(text) & wanted) !== 0n);
      if (cuts.length > 0 && policy.settings.wildcardOverlap === 'reject') {
        return { allowed: false, ...decidedBy(cuts[0]!.rule), exclusions: [] };
      }
      return { allowed: true, ...decidedBy(decider), exclusions: cuts.map(({ text }) => text) };
    },
  };
}

const refused: OracleVerdict = { allowed: false, ruleId: null, by: 'built-in', exclusions: [] };
const sets = new Map<string, bigint>();
const expressions = new Map<string, RegExp>();

/** The addresses that each ipaddr value of the generated rules stands for. */
export const oracleAddresses: Readonly<Record<string, readonly (string | null)[]>> = {
  '10.0.0.1': ['10.0.0.1', '::ffff:10.0.0.1'],
  '10.0.0.0/8': ['10.0.0.1', '::ffff:10.0.0.1', '10.9.9.9'],
  '::ffff:10.0.0.0/104': ['10.0.0.1', '::ffff:10.0.0.1', '10.9.9.9'],
  'fe80::/10': ['fe80::1'],
  '::/0': ['fe80::1'],
};

function isAsked(rule: Rule, client: ClientIdentity & { nowMs: number }, access: 'pub' | 'sub'): boolean {
  if (!rule.enabled || rule.mode === 'shadow') return false;
  if (rule.access !== access && rule.access !== 'pubsub') return false;
  if (rule.validUntil !== null && new Date(rule.validUntil).getTime() <= client.nowMs) return false;
  if (
    rule.topics.length === 0 ||
    !rule.topics.every((topic) => /^([^+#/]+|\+|)(\/([^+#/]+|\+|))*(\/#)?$|^#$/.test(topic))
  ) {
    return false;
  }
  if (rule.topics.includes('') || rule.topics.some((topic) => topic.includes('%x'))) return false;
  return isSubject(rule, client);
}

function isSubject(rule: Rule, client: ClientIdentity): boolean {
  if (rule.subject === 'everyone') return true;
  if (rule.value === '') return false;
  if (rule.subject === 'clientid') return rule.value === '*' || rule.value === client.clientId;
  if (rule.subject === 'username')
    return rule.value === '*' ? Boolean(client.username) : rule.value === client.username;
  if (rule.subject === 'label') {
    const labels = new Set(client.labels ?? []);
    labels.delete('');
    return rule.value === '*' ? labels.size > 0 : labels.has(rule.value);
  }
  return rule.value === '*' || (oracleAddresses[rule.value] ?? []).includes(client.address);
}

/** The filters with the client's own values; none when an allow cannot be filled in wholly. */
function oracleFilters(rule: Rule, client: ClientIdentity): string[] {
  const spelled = rule.topics.map((topic) => topic.replace(/^(\/?)#$/, '$1+/#'));
  const filled = [...new Set(spelled)].map((topic) => {
    const [first = ''] = topic.split('/');
    const value = first === '%c' ? client.clientId : first === '%u' ? client.username : null;
    if (value?.startsWith('$')) return null;
    let missing = false;
    const text = topic.replace(/(?<=^|\/)%([cu])(?=\/|$)/g, (_, letter: string) => {
      const own = letter === 'c' ? client.clientId : client.username;
      missing ||= !own || /[+#/]/.test(own);
      return own ?? '';
    });
    return missing ? null : text;
  });
  const usable = filled.filter((text) => text !== null);
  return rule.effect === 'allow' && usable.length < filled.length ? [] : usable;
}

function filterRegExp(filter: string): RegExp {
  const known = expressions.get(filter);
  if (known !== undefined) return known;
  const source = filter.replaceAll('$', '\\$').replaceAll('+', '[^/]*').replace(/^#$/, '.+').replace(/\/#$/, '(/.*)?');
  const made = new RegExp(`^${source}$`);
  expressions.set(filter, made);
  return made;
}

function combinations(levels: readonly string[], depth: number): string[] {
  if (depth === 1) return [...levels];
  return combinations(levels, depth - 1).flatMap((head) => levels.map((level) => `${head}/${level}`));
}
