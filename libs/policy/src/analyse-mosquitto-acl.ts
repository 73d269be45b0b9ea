import { type ImportAnalysis, importedRule, IMPORT_SETTINGS } from './import-analysis.js';
import { isSayable, isSayablePattern, mosquittoRemarks } from './mosquitto-remarks.js';
import { type MosquittoAcl, type MosquittoEntry, parseMosquittoAcl } from './parse-mosquitto-acl.js';
import type { Access, Rule } from './rule.js';

/**
 * Reads an acl_file of Mosquitto. There, a client has the list of its own name - or, without a name, the lines before the
 * first `user` -, and after it the patterns; in each of the two a deny wins wherever it stands. Rules in this order say
 * the same:
 *
 *     each user's list, denies first
 *     patterns for whoever has a name, denies first  ┐ only where there are lines for clients without a name
 *     no more for whoever has a name                 ┘
 *     lines for clients without a name, denies first
 *     patterns, denies first
 */
export function analyseMosquittoAcl(text: string): ImportAnalysis {
  const acl = parseMosquittoAcl(text);
  const { errors } = acl;
  if (errors.length > 0) return { rules: [], settings: IMPORT_SETTINGS, users: [], errors, remarks: [] };
  const rules = rulesOf(acl);
  return { rules, settings: IMPORT_SETTINGS, users: [], errors, remarks: mosquittoRemarks(acl, rules) };
}

type Who = Pick<Rule, 'subject' | 'value'>;

const EVERYONE: Who = { subject: 'everyone', value: '*' };
const ANY_NAME: Who = { subject: 'username', value: '*' };

function rulesOf({ sections, patterns }: MosquittoAcl): Omit<Rule, 'id'>[] {
  const said = patterns.filter(isSayablePattern);
  const named = [...sections].flatMap(([value, entries]) =>
    value === null ? [] : listOf({ subject: 'username', value }, entries.filter(isSayable)),
  );
  const nameless = (sections.get(null) ?? []).filter(isSayable);
  if (nameless.length === 0) return [...named, ...listOf(EVERYONE, said)];
  const wall = importedRule({
    effect: 'deny',
    ...ANY_NAME,
    access: 'pubsub',
    topics: everythingIn([...nameless, ...said]),
  });
  return [...named, ...listOf(ANY_NAME, said), wall, ...listOf(EVERYONE, nameless), ...listOf(EVERYONE, said)];
}

function listOf(who: Who, entries: readonly MosquittoEntry[]): Omit<Rule, 'id'>[] {
  const denies = entries.filter(({ access }) => access === 'deny');
  const allows = entries.filter(({ access }) => access !== 'deny');
  return [...denies, ...allows].map(({ access, topic }) =>
    importedRule({ effect: access === 'deny' ? 'deny' : 'allow', ...who, access: ACCESS[access], topics: [topic] }),
  );
}

const ACCESS: Readonly<Record<MosquittoEntry['access'], Access>> = {
  read: 'sub',
  write: 'pub',
  readwrite: 'pubsub',
  deny: 'pubsub',
};

/** `#`, and what begins with `$`, where it does not reach. */
function everythingIn(entries: readonly MosquittoEntry[]): string[] {
  return ['#', ...new Set(entries.map(({ topic }) => topic).filter((topic) => topic.startsWith('$')))];
}
