import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { formatAclConf } from './format-acl-conf.js';
import { parseAclConf } from './parse-acl-conf.js';
import type { ClientIdentity, Policy, Rule } from './rule.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { topicSet, worldFilters, worldTopics } from './testing/oracle.js';

const SAMPLE = `#allow local sub $SYS topic
allow      ip          127.0.0.1   2     $SYS/#
#allow client who's id with 0001 or username with admin pub sub all topic
allow      clientid    0001        3     #
allow      username    admin       3     #
#allow client with the username joy can pub sub topic '/test' and 'hello/world'
allow      username    joy         3     /test,hello/world
#allow all client pub the topic toCloud/{clientid/username}
allow      clientid    *           1     toCloud/%c
allow      username    *           1     toCloud/%u
#deny all client pub sub all topic
deny       clientid    *           3     #
`;

const read = (text: string) => parseAclConf(text, { digits: 'pub-sub' });

function policyOf(text: string): Policy {
  const { rules, errors } = read(text);
  expect(errors).toEqual([]);
  return aPolicy(rules);
}

function sampleGrants(client: Partial<ClientIdentity>) {
  return compilePolicy(policyOf(SAMPLE)).grantsFor(aClient(client), NOW_MS);
}

describe('the sample file means what its comments claim', () => {
  test('a local client reads $SYS, and only from there', () => {
    expect(sampleGrants({ address: '127.0.0.1' }).subscribe('$SYS/#').allowed).toBe(true);
    expect(sampleGrants({ address: '::ffff:127.0.0.1' }).subscribe('$SYS/broker/+').allowed).toBe(true);
    expect(sampleGrants({ address: '127.0.0.2' }).subscribe('$SYS/#').allowed).toBe(false);
    expect(sampleGrants({ address: '127.0.0.1' }).subscribe('a').allowed).toBe(false);
    expect(sampleGrants({ address: '127.0.0.1' }).publish('$SYS/x').allowed).toBe(false);
  });

  test.each([{ clientId: '0001' }, { username: 'admin' }])('%j publishes and subscribes everywhere', (client) => {
    const grants = sampleGrants(client);
    expect(grants.publish('any/topic').allowed).toBe(true);
    expect(grants.subscribe('#')).toMatchObject({ allowed: true, exclusions: [] });
  });

  test('joy publishes and subscribes /test and hello/world, and nothing more', () => {
    const joy = sampleGrants({ username: 'joy' });
    for (const topic of ['/test', 'hello/world']) {
      expect([joy.publish(topic).allowed, joy.subscribe(topic).allowed]).toEqual([true, true]);
    }
    for (const topic of ['test', '/test/x', 'hello', 'hello/world/x']) {
      expect([joy.publish(topic).allowed, joy.subscribe(topic).allowed]).toEqual([false, false]);
    }
    expect(joy.subscribe('hello/+').allowed).toBe(false);
  });

  test('every client publishes to toCloud/ and its own id or name', () => {
    const pump = sampleGrants({ clientId: 'pump-7', username: 'joy' });
    expect([pump.publish('toCloud/pump-7').allowed, pump.publish('toCloud/joy').allowed]).toEqual([true, true]);
    expect([pump.publish('toCloud/pump-8').allowed, pump.subscribe('toCloud/pump-7').allowed]).toEqual([false, false]);
    expect(sampleGrants({ clientId: 'pump-7' }).publish('toCloud/').allowed).toBe(false);
  });

  test('everything else is denied by the last line', () => {
    const grants = sampleGrants({});
    expect(grants.publish('other')).toMatchObject({ allowed: false, ruleId: 'r7' });
    expect(grants.subscribe('#')).toMatchObject({ allowed: false, ruleId: 'r7' });
  });

  test('and still does after export and import', () => {
    const policy = policyOf(SAMPLE);
    expect(read(formatAclConf(policy))).toEqual(read(SAMPLE));
  });
});

describe('reading', () => {
  test('digits follow the convention that is asked for; 3 and words mean the same in both', () => {
    const text = '1 2 3 pub sub pubsub'.replace(/\S+/g, (access) => `deny clientid x ${access} a\n`);
    const accesses = (digits: 'pub-sub' | 'sub-pub') =>
      parseAclConf(text, { digits }).rules.map(({ access }) => access);
    expect(accesses('pub-sub')).toEqual(['pub', 'sub', 'pubsub', 'pub', 'sub', 'pubsub']);
    expect(accesses('sub-pub')).toEqual(['sub', 'pub', 'pubsub', 'pub', 'sub', 'pubsub']);
  });

  test('takes tabs, Windows and old Mac line ends, a byte order mark, and comments of three kinds', () => {
    const text = '\ufeff# a\r\n; b\r  // c\n\n\tallow\tip\t10.0.0.0/8\t2\ta/#, b \r\ndeny ipaddr * pub c';
    expect(read(text)).toMatchObject({
      errors: [],
      rules: [
        { effect: 'allow', subject: 'ipaddr', value: '10.0.0.0/8', access: 'sub', topics: ['a/#', 'b'] },
        { effect: 'deny', subject: 'ipaddr', value: '*', access: 'pub', topics: ['c'] },
      ],
    });
  });

  test.each<[string, string, (string | number)[]]>([
    ['an unknown effect', 'permit clientid x 1 a', [1, 1]],
    ['an unknown subject', 'allow everyone * 1 a', [1, 7]],
    ['an unknown access', 'allow clientid x 4 a', [1, 18]],
    ['a name that objects are born with', 'allow constructor x 1 a', [1, 7]],
    ['a bad address', 'allow ip 10.0.0.256 1 a', [1, 10]],
    ['a malformed filter', 'allow clientid x 1 a,b#', [1, 22]],
    ['a trailing comma', 'allow clientid x 1 a,', [1, 22]],
    ['an empty topic', 'allow clientid x 1 a,,b', [1, 22]],
    ['an unknown placeholder', 'allow clientid x 1 a/%d', [1, 20]],
    ['a comment behind the rule', 'allow clientid x 1 a ; mine', [1, 21]],
    ['a missing topic', '\n  allow clientid x 1  ', [2, 21]],
    ['a missing everything', 'allow', [1, 6]],
    ['a slash that begins no comment', '/ allow clientid x 1 a', [1, 1]],
  ])('%s is an error at its line and column', (_, text, [line, column]) => {
    const { errors, rules } = read(text);
    expect(rules).toEqual([]);
    expect(errors[0]).toMatchObject({ line, column });
    expect(errors[0]?.message).not.toBe('');
  });

  test('says how everyone is written here, and that there are no labels, and no more of such a line', () => {
    const { errors } = read('allow everyone pub a/#\ndeny label staff sub b');
    expect(errors).toEqual([
      { line: 1, column: 7, message: 'Everyone is “clientid *” in this format.' },
      { line: 2, column: 6, message: 'This format knows no labels: write such a rule as JSON.' },
    ]);
  });

  test('reports every error of every line, in reading order, beside the rules that are fine', () => {
    const text = 'permit whomever * 9 a#,b,+c\n\nallow clientid x 1 ok\ndeny ip nowhere 3 #/x\nallow';
    const { errors, rules } = read(text);
    expect(errors.map(({ line, column }) => `${line}:${column}`)).toEqual([
      ...['1:1', '1:8', '1:19', '1:21', '1:26'],
      ...['4:9', '4:19', '5:6'],
    ]);
    expect(rules).toHaveLength(1);
  });
});

describe('writing', () => {
  const exported = (given: Partial<Rule>) => formatAclConf(aPolicy([given]));

  test('names the revision, writes words and not digits, and everyone as any client id', () => {
    const text = formatAclConf(aPolicy([{ effect: 'deny', access: 'sub', topics: ['a', 'b/#'] }]), { revision: 42 });
    expect(text).toBe('# Perch access rules, revision 42\n\ndeny  clientid *               sub    a,b/#\n');
  });

  test.each<[string, Partial<Rule>, RegExp]>([
    ['is off', { enabled: false }, /switched off/],
    ['is in shadow mode', { mode: 'shadow' }, /shadow/],
    ['ends one day', { validUntil: '2030-01-01T00:00:00Z' }, /ends at 2030/],
    ['is not valid', { topics: ['a#'] }, /not valid/],
    ['speaks of a label', { subject: 'label', value: 'admin' }, /no word for labels/],
    ['has a blank in its value', { subject: 'username', value: 'Joy Doe' }, /value contains a blank/],
    ['has a comma in a topic', { topics: ['a,b'] }, /comma/],
    ['has a blank in a topic', { topics: ['retained messages/count'] }, /blank/],
  ])('comments a rule out with a warning when it %s', (_, given, warning) => {
    expect(read(exported(given))).toEqual({ rules: [], errors: [] });
    expect(exported(given)).toMatch(warning);
    expect(exported(given)).toContain('WARNING: rule 1 is left out');
  });

  test('warns of settings that the format cannot express', () => {
    expect(formatAclConf(aPolicy([]))).not.toContain('WARNING');
    expect(formatAclConf(aPolicy([], { noMatch: 'allow' }))).toContain('WARNING: what no rule decides is allowed');
    expect(formatAclConf(aPolicy([], { wildcardOverlap: 'reject' }))).toContain('WARNING: subscriptions that overlap');
  });

  test('a line break in a note, a value or an end smuggles no rule in', () => {
    const evil = 'x\nallow clientid * 3 #\r\nallow clientid * 3 #\rallow clientid * 3 #';
    const texts = [
      exported({ note: evil }),
      exported({ subject: 'username', value: evil }),
      exported({ validUntil: evil }),
    ];
    for (const text of texts) {
      const { rules, errors } = read(text);
      expect(errors).toEqual([]);
      expect(rules.filter(({ effect, subject }) => effect === 'allow' && subject === 'clientid').length).toBeLessThan(
        2,
      );
    }
    expect(read(exported({ note: evil })).rules).toHaveLength(1);
    expect(read(texts[1] ?? '').rules).toEqual([]);
  });

  test('and reading back keeps the meaning for every client, topic and filter', () => {
    const anyAsked = fc.constantFrom(...worldFilters, ...worldTopics);
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        fc.array(anyAsked, { minLength: 10, maxLength: 10 }),
        (generated, client, asked) => {
          const isExpressible = ({ subject, validUntil }: Rule) => subject !== 'label' && validUntil === null;
          const policy = { ...generated, rules: generated.rules.filter(isExpressible) };
          const { rules, errors } = read(formatAclConf(policy));
          expect(errors).toEqual([]);
          const back = compilePolicy(aPolicy(rules, policy.settings)).grantsFor(client, NOW_MS);
          const before = compilePolicy(policy).grantsFor(client, NOW_MS);
          for (const topic of asked) {
            expect(back.publish(topic).allowed).toBe(before.publish(topic).allowed);
            const [a, b] = [before.subscribe(topic), back.subscribe(topic)];
            expect([b.allowed, b.exclusions.map(topicSet)]).toEqual([a.allowed, a.exclusions.map(topicSet)]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
