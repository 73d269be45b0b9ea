import { compilePolicy } from './compile-policy.js';
import { exampleTopic } from './example-topic.js';
import { type ImportExample, type ImportRemark, IMPORT_SETTINGS } from './import-analysis.js';
import type { MosquittoAcl, MosquittoEntry } from './parse-mosquitto-acl.js';
import { hasPlaceholder } from './placeholders.js';
import type { Rule } from './rule.js';
import { topicProblem } from './validate-rule.js';

/** Whether a `topic` line can be said here: there, `%c` in it is plain text. */
export function isSayable({ topic }: MosquittoEntry): boolean {
  return topicProblem(topic) === null && !hasPlaceholder(topic);
}

/** The same for a `pattern` line, in which a placeholder has to be a whole level. */
export function isSayablePattern({ topic }: MosquittoEntry): boolean {
  return topicProblem(topic) === null;
}

/** Where the imported rules do, and do not, mean what Mosquitto does. */
export function mosquittoRemarks(acl: MosquittoAcl, rules: readonly Omit<Rule, 'id'>[]): ImportRemark[] {
  const lists = [...acl.sections].flatMap(([user, entries]) => entries.map((entry) => ({ user, entry })));
  return [
    ...orderRemarks(acl),
    ...subscribeRemark(lists),
    ...leftOut(acl, rules),
    ...patternRemarks(acl.patterns.filter(isSayablePattern)),
    ...userRemarks(acl),
  ];
}

type Lists = readonly { readonly user: string | null; readonly entry: MosquittoEntry }[];

function orderRemarks({ sections, patterns }: MosquittoAcl): ImportRemark[] {
  const groups = [...sections.values(), patterns];
  const late = groups.flatMap((entries) =>
    entries.filter(
      ({ access }, index) => access === 'deny' && entries.slice(0, index).some((each) => each.access !== 'deny'),
    ),
  );
  const remarks: ImportRemark[] = [];
  if (late.length > 0) {
    const message =
      'In Mosquitto a deny wins wherever it stands in its list; here the first rule that applies decides. The denies were put first.';
    remarks.push({ kind: 'kept', message, example: null, places: late.map(placeOf) });
  }
  if (patterns.length > 0 && sections.size > 0) {
    const message =
      'A user’s own lines decide before the patterns, even against a pattern that denies. The patterns were put behind.';
    remarks.push({ kind: 'kept', message, example: null, places: [] });
  }
  return remarks;
}

/** The one difference that everybody meets: Mosquitto grants each subscription and looks at each message. */
function subscribeRemark(lists: Lists): ImportRemark[] {
  const user = lists.find((each) => each.user !== null)?.user ?? null;
  const message =
    'Mosquitto accepts every subscription and holds back what the client may not read. Here a subscription must be covered ' +
    'by one rule that allows it, or it is refused; what a deny matches is held back here, too.';
  const isGranted = lists.some(
    ({ user: each, entry }) => each === user && entry.topic === '#' && entry.access.startsWith('read'),
  );
  const topic = isGranted ? '$SYS/#' : '#';
  return [
    {
      kind: 'differs',
      message,
      example: example(user, 'subscribe', { topic, there: 'allow', here: 'deny' }),
      places: [],
    },
  ];
}

function leftOut({ sections, patterns }: MosquittoAcl, rules: readonly Omit<Rule, 'id'>[]): ImportRemark[] {
  const lines = [...sections].flatMap(([user, entries]) =>
    entries.filter((entry) => !isSayable(entry)).map((entry) => ({ user, entry, message: plainText(entry) })),
  );
  const inPatterns = patterns
    .filter((entry) => !isSayablePattern(entry))
    .map((entry) => ({ user: null, entry, message: plainTextPattern(entry) }));
  const policy = { rules: rules.map((rule, index) => ({ ...rule, id: `${index}` })), settings: IMPORT_SETTINGS };
  const compiled = compilePolicy(policy);
  return [...lines, ...inPatterns].map(({ user, entry, message }) => {
    const action = entry.access === 'read' ? 'subscribe' : 'publish';
    const topic = exampleTopic(entry.topic, entry.topic) ?? entry.topic;
    const grants = compiled.grantsFor({ clientId: 'client', username: user, address: null }, 0);
    const here = grants[action](topic).allowed ? 'allow' : 'deny';
    const there = entry.access === 'deny' ? 'deny' : 'allow';
    return {
      kind: 'left-out',
      message,
      example: example(user, action, { topic, there, here }),
      places: [placeOf(entry)],
    };
  });
}

function plainText({ topic }: MosquittoEntry): string {
  return `“${topic}” is plain text in a topic line, which cannot be said here; for a client’s own id or name write “pattern”.`;
}

function plainTextPattern({ topic }: MosquittoEntry): string {
  return `“${topic}”: a placeholder is a whole level, there and here; inside a level Mosquitto takes it as plain text, which cannot be said here.`;
}

function patternRemarks(patterns: readonly MosquittoEntry[]): ImportRemark[] {
  const allows = patterns.filter(({ access }) => access !== 'deny');
  const open = allows.find(({ topic }) => !uses(topic, '%c') || !uses(topic, '%u'));
  if (open === undefined) return [];
  const message =
    'Where there are patterns, Mosquitto denies them all to a client whose id or name contains + or #. Here only those ' +
    'rules fall away that would use such a value.';
  const who = { clientId: 'pump-7', username: 'joy', [uses(open.topic, '%c') ? 'username' : 'clientId']: 'a+b' };
  const example = { ...who, ...wish(open, who), there: 'deny', here: 'allow' } as const;
  return [{ kind: 'differs', message, example, places: allows.map(placeOf) }];
}

function uses(topic: string, placeholder: string): boolean {
  return topic.split('/').includes(placeholder);
}

/** What the entry allows, with these values. */
function wish(
  { topic, access }: MosquittoEntry,
  values: { clientId: string; username: string },
): Pick<ImportExample, 'action' | 'topic'> {
  const filled = topic
    .split('/')
    .map((level) => (level === '%c' ? values.clientId : level === '%u' ? values.username : level))
    .join('/');
  return { action: access === 'read' ? 'subscribe' : 'publish', topic: exampleTopic(filled, filled) ?? filled };
}

function userRemarks({ sections }: MosquittoAcl): ImportRemark[] {
  const names = [...sections.keys()].filter((name) => name !== null);
  const remarks: ImportRemark[] = [];
  const nameless = sections.get(null);
  if (nameless !== undefined) {
    const message =
      'The lines before the first user are for clients without a user name. Rules for everyone say so here, behind a deny for ' +
      'whoever has a name; such clients come in only if the settings allow them.';
    remarks.push({ kind: 'kept', message, example: null, places: nameless.map(placeOf) });
  }
  if (names.length > 0) {
    const message = `The file names ${names.length} ${names.length === 1 ? 'user' : 'users'}. Their passwords are in the password_file, which the import of users reads.`;
    remarks.push({ kind: 'left-out', message, example: null, places: [] });
  }
  return remarks;
}

function example(
  username: string | null,
  action: ImportExample['action'],
  rest: Pick<ImportExample, 'topic' | 'there' | 'here'>,
): ImportExample {
  return { clientId: 'client', username, action, ...rest };
}

function placeOf({ line }: MosquittoEntry): string {
  return `line ${line}`;
}
