import type { Access, Rule } from './rule.js';
import { type RuleProblem, validateRule } from './validate-rule.js';

/** Which digit means publish: `pub-sub` as the format's documentation has it (1 = pub, 2 = sub), or the other way round. */
export type AclConfDigits = 'pub-sub' | 'sub-pub';

/** What is wrong with an acl.conf text, at a line and a column that count from 1. */
export interface AclConfError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The rules of an acl.conf text. Where there is an error, none of them may be used. */
export interface ParsedAclConf {
  readonly rules: Omit<Rule, 'id'>[];
  readonly errors: AclConfError[];
}

/** Reads `allow|deny clientid|username|ip|ipaddr value access topic[,topic…]` line by line and reports every error. */
export function parseAclConf(text: string, { digits }: { digits: AclConfDigits }): ParsedAclConf {
  const rules: Omit<Rule, 'id'>[] = [];
  const errors: AclConfError[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (/^[ \t]*($|#|;|\/\/)/.test(line)) continue;
    const parsed = parseLine(line, digits);
    rules.push(...parsed.rules);
    errors.push(...parsed.problems.map((problem) => ({ line: index + 1, ...problem })));
  }
  return { rules, errors };
}

interface Field {
  readonly text: string;
  readonly column: number;
}

interface LineProblem {
  readonly column: number;
  readonly message: string;
}

interface ParsedLine {
  readonly rules: Omit<Rule, 'id'>[];
  readonly problems: LineProblem[];
}

const EXPECTED = ['allow or deny', 'clientid, username, ip or ipaddr', 'a value or *', 'an access', 'a topic'];

function parseLine(line: string, digits: AclConfDigits): ParsedLine {
  const fields = [...line.matchAll(/[^ \t]+/g)].map(({ 0: text, index }) => ({ text, column: index + 1 }));
  const [effect, subject, value, access, topic] = fields;
  const foreign = foreignSubject(subject);
  if (foreign) return { rules: [], problems: [foreign] };
  const problems = [wordProblem(effect, EFFECTS), wordProblem(subject, SUBJECTS), wordProblem(access, ACCESS[digits])];
  const found = problems.filter((problem) => problem !== null);
  if (!effect || !subject || !value || !access || !topic) {
    const message = `Expected ${EXPECTED[fields.length] ?? ''} here: the line ends too early.`;
    return { rules: [], problems: [...found, { column: line.trimEnd().length + 1, message }] };
  }
  const topics = splitTopics(line, topic.column);
  const draft = draftRule([effect, subject, value, access], topics, digits);
  const invalid = validateRule(draft).flatMap((problem) => locate(problem, value, topics));
  const all = [...found, ...invalid, ...topics.flatMap(blankProblem)].sort((a, b) => a.column - b.column);
  return all.length > 0 ? { rules: [], problems: all } : { rules: [draft], problems: [] };
}

const EFFECTS: ReadonlyMap<string, Rule['effect']> = new Map([
  ['allow', 'allow'],
  ['deny', 'deny'],
]);

const SUBJECTS: ReadonlyMap<string, Rule['subject']> = new Map([
  ['clientid', 'clientid'],
  ['username', 'username'],
  ['ip', 'ipaddr'],
  ['ipaddr', 'ipaddr'],
]);

/** Words for subjects that rules have elsewhere: where the columns are others, more about the line would only mislead. */
const FOREIGN_SUBJECTS: ReadonlyMap<string | undefined, string> = new Map([
  ['everyone', 'Everyone is “clientid *” in this format.'],
  ['label', 'This format knows no labels: write such a rule as JSON.'],
]);

function foreignSubject(subject: Field | undefined): LineProblem | null {
  const message = FOREIGN_SUBJECTS.get(subject?.text);
  return subject && message !== undefined ? { column: subject.column, message } : null;
}

const WORDS: readonly (readonly [string, Access])[] = [
  ['pub', 'pub'],
  ['sub', 'sub'],
  ['pubsub', 'pubsub'],
];

const ACCESS: Readonly<Record<AclConfDigits, ReadonlyMap<string, Access>>> = {
  'pub-sub': new Map([['1', 'pub'], ['2', 'sub'], ['3', 'pubsub'], ...WORDS]),
  'sub-pub': new Map([['1', 'sub'], ['2', 'pub'], ['3', 'pubsub'], ...WORDS]),
};

function wordProblem(field: Field | undefined, words: ReadonlyMap<string, string>): LineProblem | null {
  if (field === undefined || words.has(field.text)) return null;
  return { column: field.column, message: `“${field.text}” is none of ${[...words.keys()].join(', ')}.` };
}

/** The rule of a line, with a stand-in for each word that is not one: its problem is already known. */
function draftRule(
  [effect, subject, value, access]: readonly [Field, Field, Field, Field],
  topics: readonly Field[],
  digits: AclConfDigits,
): Omit<Rule, 'id'> {
  return {
    effect: EFFECTS.get(effect.text) ?? 'deny',
    subject: SUBJECTS.get(subject.text) ?? 'clientid',
    value: value.text,
    access: ACCESS[digits].get(access.text) ?? 'pubsub',
    topics: topics.map(({ text }) => text),
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
  };
}

/** Everything from the first topic on, cut at its commas; blanks beside a comma do not belong to a topic. */
function splitTopics(line: string, column: number): Field[] {
  let start = column;
  return line
    .slice(column - 1)
    .split(',')
    .map((part) => {
      const blanks = /^[ \t]*/.exec(part)?.[0].length ?? 0;
      const field = { text: part.replace(/^[ \t]+|[ \t]+$/g, ''), column: start + blanks };
      start += part.length + 1;
      return field;
    });
}

/** Most likely a comment or a sixth field: taking it for a part of the topic would make a rule that nobody meant. */
function blankProblem({ text, column }: Field): LineProblem[] {
  const blank = /[ \t]/.exec(text);
  if (blank === null) return [];
  return [
    { column: column + blank.index, message: 'A topic cannot contain a blank here; topics are separated by commas.' },
  ];
}

function locate({ field, message }: RuleProblem, value: Field, topics: readonly Field[]): LineProblem[] {
  const topic = topics[Number(/^topics\.(\d+)$/.exec(field)?.[1] ?? -1)];
  return [{ column: (topic ?? value).column, message }];
}
