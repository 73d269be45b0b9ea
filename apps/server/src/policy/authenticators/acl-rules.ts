import { type Access, type Effect, type OwnRules, ownRulesProblems, type Rule } from '@perch/policy';

/** Rules that came with credentials, or what is wrong with them. */
export type RuleReading = { readonly rules: readonly Rule[] } | { readonly problem: string };

const effects: readonly unknown[] = ['allow', 'deny'];
const accesses: readonly unknown[] = ['pub', 'sub', 'pubsub'];
const directions = { pub: 'pub', sub: 'sub', all: 'pubsub' } as const;

/**
 * Reads the rules of one client: a list of `{ effect, access, topics }`, or lists of topics that are allowed as
 * `{ pub: [], sub: [], all: [] }`. Whoever brings something else brings nothing that could be trusted.
 */
export function readAcl(value: unknown): RuleReading {
  const rules = Array.isArray(value) ? value.map(ruleFrom) : listsFrom(value);
  if (rules === null || rules.includes(null)) {
    return { problem: 'The rules are neither a list of { effect, access, topics } nor { pub, sub, all }.' };
  }
  const read = rules.filter((rule) => rule !== null);
  const [first] = ownRulesProblems({ rules: read, place: 'before' });
  return first ? { problem: `Rule ${first.index + 1}: ${first.message}` } : { rules: read };
}

/** The same with the place where they are judged; null for no rules. */
export function ownRulesOf(rules: readonly Rule[], place: OwnRules['place'] | null): OwnRules | null {
  return rules.length === 0 || place === null ? null : { rules, place };
}

function ruleFrom(value: unknown, index: number): Rule | null {
  if (!isRecord(value)) return null;
  const { effect = 'allow', access = 'pubsub', topics, ...rest } = value;
  // A field that is not known might narrow what is allowed.
  if (Object.keys(rest).length > 0 || !effects.includes(effect) || !accesses.includes(access)) return null;
  const list = topicsFrom(topics);
  return list && aRule(index, { effect: effect as Effect, access: access as Access, topics: list });
}

function listsFrom(value: unknown): (Rule | null)[] | null {
  if (!isRecord(value) || Object.keys(value).some((key) => !(key in directions))) return null;
  return Object.entries(value)
    .filter(([, topics]) => !Array.isArray(topics) || topics.length > 0)
    .map(([key, topics], index) => {
      const list = topicsFrom(topics);
      return (
        list && aRule(index, { effect: 'allow', access: directions[key as keyof typeof directions], topics: list })
      );
    });
}

/** `${clientid}` and `${username}` are how others write our placeholders. */
function topicsFrom(value: unknown): string[] | null {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || !list.every((topic): topic is string => typeof topic === 'string')) return null;
  return list.map((topic) => topic.replaceAll('${clientid}', '%c').replaceAll('${username}', '%u'));
}

function aRule(index: number, fields: Pick<Rule, 'effect' | 'access' | 'topics'>): Rule {
  return {
    id: `own-${index + 1}`,
    subject: 'everyone',
    value: '*',
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
    ...fields,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
