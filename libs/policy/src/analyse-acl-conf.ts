import { exampleTopic } from './example-topic.js';
import { type ImportAnalysis, type ImportRemark, IMPORT_SETTINGS } from './import-analysis.js';
import { type AclConfDigits, parseAclConf } from './parse-acl-conf.js';
import type { Rule } from './rule.js';

/** Reads an acl.conf text, and says what it means here where other brokers of the family do not agree. */
export function analyseAclConf(text: string, { digits }: { digits: AclConfDigits }): ImportAnalysis {
  const { rules, errors } = parseAclConf(text, { digits });
  return {
    rules,
    settings: IMPORT_SETTINGS,
    users: [],
    errors: errors.map((error) => ({ ...error, path: null })),
    remarks: errors.length > 0 ? [] : [...digitRemark(text, digits), ...overlapRemark(rules)],
  };
}

/** Some read 1 as subscribe: the first line in which that matters is the example. */
function digitRemark(text: string, digits: AclConfDigits): ImportRemark[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const read = lines.flatMap((line, index) => {
    const [, effect, digit, topic] =
      /^[ \t]*(allow|deny)[ \t]+\S+[ \t]+\S+[ \t]+([12])[ \t]+([^ \t,]+)/.exec(line) ?? [];
    return digit === undefined ? [] : [{ effect, digit, topic: topic ?? '', place: `line ${index + 1}` }];
  });
  const [first] = read;
  if (first === undefined) return [];
  const isPublish = (first.digit === '1') === (digits === 'pub-sub');
  const names = digits === 'pub-sub' ? '1 is publish and 2 is subscribe' : '1 is subscribe and 2 is publish';
  const message = `Here ${names}; some brokers of the family read the two digits the other way round.`;
  const here = first.effect === 'allow' ? ('allow' as const) : ('deny' as const);
  const there = here === 'allow' ? 'deny' : 'allow';
  const topic = exampleTopic(first.topic, first.topic) ?? first.topic;
  const example = {
    clientId: 'client',
    username: null,
    action: isPublish ? 'publish' : 'subscribe',
    topic,
    there,
    here,
  } as const;
  return [{ kind: 'differs', message, example, places: read.map(({ place }) => place) }];
}

/** Elsewhere a deny is not asked when somebody subscribes to more than it denies. */
function overlapRemark(rules: readonly Omit<Rule, 'id'>[]): ImportRemark[] {
  for (const [index, deny] of rules.entries()) {
    if (deny.effect !== 'deny' || deny.access === 'pub') continue;
    for (const filter of deny.topics) {
      const wider = rules.slice(index + 1).filter(({ effect, access }) => effect === 'allow' && access !== 'pub');
      const topics = wider.flatMap((allow) => allow.topics.map((each) => exampleTopic(each, filter)));
      const topic = topics.find((each) => each !== null);
      if (topic === undefined) continue;
      const message =
        'A deny is also cut out of subscriptions that are wider than it: messages that it matches are not delivered. ' +
        'Other brokers of the family deliver them to whoever subscribes to more, like #.';
      const example = {
        clientId: 'client',
        username: null,
        action: 'subscribe',
        topic,
        there: 'allow',
        here: 'deny',
      } as const;
      return [{ kind: 'differs', message, example, places: [`rule ${index + 1}`] }];
    }
  }
  return [];
}
