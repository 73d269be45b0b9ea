import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { substitutePlaceholders } from './placeholders.js';
import { MAX_OWN_RULES, ownRulesProblems } from './own-rules.js';
import type { ClientIdentity, OwnRules, Policy, Rule } from './rule.js';
import { newRuleId } from './rule-id.js';
import { aClient, aPolicy, aRule } from './testing/factories.js';

const NOW_MS = Date.parse('2030-01-01T00:00:00Z');
const grants = (policy: Policy, client: Partial<ClientIdentity> = {}) =>
  compilePolicy(policy).grantsFor(aClient(client), NOW_MS);

describe('whom a rule speaks of', () => {
  test.each<[Partial<Rule>, Partial<ClientIdentity>, boolean]>([
    [{ subject: 'clientid', value: 'dev-1' }, {}, true],
    [{ subject: 'clientid', value: 'DEV-1' }, {}, false],
    [{ subject: 'clientid', value: 'dev-+' }, {}, false],
    [{ subject: 'clientid', value: '*' }, { clientId: 'any one' }, true],
    [{ subject: 'username', value: 'joy' }, { username: 'joy' }, true],
    [{ subject: 'username', value: 'joy' }, { clientId: 'joy' }, false],
    [{ subject: 'username', value: '*' }, { username: 'joy' }, true],
    [{ subject: 'username', value: '*' }, { username: null }, false],
    [{ subject: 'username', value: '*' }, { username: '' }, false],
    [{ subject: 'username', value: '*' }, { username: '*' }, true],
    [{ subject: 'ipaddr', value: '10.0.0.0/8' }, { address: '::ffff:10.2.3.4' }, true],
    [{ subject: 'ipaddr', value: '10.0.0.0/8' }, { address: null }, false],
    [{ subject: 'ipaddr', value: '10.0.0.0/8' }, { address: 'garbage' }, false],
    [{ subject: 'ipaddr', value: '*' }, { address: null }, true],
    [{ subject: 'label', value: 'admin' }, { labels: ['ops', 'admin'] }, true],
    [{ subject: 'label', value: 'admin' }, { labels: ['Admin', 'admins'] }, false],
    [{ subject: 'label', value: 'admin' }, { username: 'admin', clientId: 'admin' }, false],
    [{ subject: 'label', value: '*' }, { labels: ['ops'] }, true],
    [{ subject: 'label', value: '*' }, { labels: [] }, false],
    [{ subject: 'label', value: '*' }, { labels: [''] }, false],
    [{ subject: 'label', value: '*' }, {}, false],
    [{ subject: 'everyone', value: 'ignored' }, {}, true],
  ])('%j and %j: %j', (rule, client, expected) => {
    expect(grants(aPolicy([rule]), client).publish('a').allowed).toBe(expected);
    expect(grants(aPolicy([rule]), client).subscribe('a').allowed).toBe(expected);
  });
});

describe('which rule decides', () => {
  test('the first that applies, across subjects', () => {
    const policy = aPolicy([
      { subject: 'ipaddr', value: '192.0.2.0/24', effect: 'deny', topics: ['a'] },
      { subject: 'clientid', value: 'dev-1', topics: ['a', 'b'] },
      { subject: 'username', value: 'joy', effect: 'deny', topics: ['b', 'c'] },
      { topics: ['#'] },
    ]);
    const own = grants(policy, { username: 'joy' });
    expect(['a', 'b', 'c', 'd'].map((topic) => own.publish(topic).ruleId)).toEqual(['r1', 'r2', 'r3', 'r4']);
    expect(own.subscribe('#')).toMatchObject({
      ruleId: 'r4',
      exclusions: ['a', 'b', 'c'],
      excludedBy: ['r1', 'r3', 'r3'],
    });
  });

  test('the first of all that speak of any of its labels', () => {
    const policy = aPolicy([
      { subject: 'label', value: 'night', effect: 'deny', topics: ['door/+'] },
      { subject: 'label', value: 'staff', topics: ['door/front', 'lamp'] },
      { subject: 'label', value: '*', effect: 'deny', topics: ['lamp', 'door/back'] },
      { topics: ['#'] },
    ]);
    const asked = ['door/front', 'lamp', 'door/back', 'else'];
    const of = (labels: string[]) => asked.map((topic) => grants(policy, { labels }).publish(topic).ruleId);
    expect(of(['staff', 'night'])).toEqual(['r1', 'r2', 'r1', 'r4']);
    expect(of(['staff'])).toEqual(['r2', 'r2', 'r3', 'r4']);
    expect(of(['guest'])).toEqual(['r4', 'r3', 'r3', 'r4']);
    expect(of([])).toEqual(['r4', 'r4', 'r4', 'r4']);
    const twice = grants(policy, { labels: ['night', 'night', 'guest'] }).subscribe('#');
    expect(twice.exclusions).toEqual(['door/+', 'lamp', 'door/back']);
  });

  test('rules that are off, in shadow mode or over decide nothing', () => {
    const past = '2030-01-01T00:00:00Z';
    const policy = aPolicy([{ enabled: false }, { mode: 'shadow' }, { validUntil: past }, { effect: 'deny' }]);
    expect(grants(policy).publish('a')).toMatchObject({ allowed: false, ruleId: 'r4' });
    expect(grants(policy).validUntil).toBeNull();
  });

  test('the grants name the next instant at which they change', () => {
    const policy = aPolicy([
      { validUntil: '2031-01-01T00:00:00Z' },
      { validUntil: '2030-06-01T00:00:00+02:00', topics: ['a'] },
      { validUntil: '2030-02-01T00:00:00Z', subject: 'username', value: 'someone else' },
      { validUntil: '2029-02-01T00:00:00Z' },
    ]);
    expect(grants(policy).validUntil).toBe(Date.parse('2030-05-31T22:00:00Z'));
  });

  test('without a rule the default decides, and denies still cut topics out of what it allows', () => {
    const rules: Partial<Rule>[] = [{ effect: 'deny', topics: ['a/b'] }];
    expect(grants(aPolicy(rules)).subscribe('#')).toMatchObject({ allowed: false, ruleId: null });
    const open = grants(aPolicy(rules, { noMatch: 'allow' }));
    expect(open.publish('c')).toMatchObject({ allowed: true, ruleId: null });
    expect(open.subscribe('a/#')).toEqual({
      allowed: true,
      ruleId: null,
      by: 'default',
      exclusions: ['a/b'],
      excludedBy: ['r1'],
    });
    expect(open.subscribe('$SYS/#')).toMatchObject({ allowed: true, ruleId: null });
    expect(open.publish('$SYS/x')).toMatchObject({ allowed: false, ruleId: null });
  });

  test('a deny behind the allow that decides changes nothing', () => {
    const own = grants(aPolicy([{ topics: ['a/#'] }, { effect: 'deny', topics: ['a/b', '#'] }]));
    expect(own.subscribe('a/#')).toMatchObject({ allowed: true, ruleId: 'r1', exclusions: [] });
    expect(own.publish('a/b').allowed).toBe(true);
  });

  test.each(['%c/#', '%u/#'])('a leading %s reaches no $-topic, be the rules few or many', (leading) => {
    const others = Array.from({ length: 10 }, (_, n) => ({ topics: [`other/${n}`] }));
    for (const more of [[], others]) {
      const policy = aPolicy([{ effect: 'deny', topics: ['x', leading] }, { topics: ['$dev/#', 'dev/#'] }, ...more]);
      const [odd, plain] = ['$dev', 'dev'].map((name) => grants(policy, { clientId: name, username: name }));
      expect([odd?.publish('$dev/a').ruleId, odd?.subscribe('$dev/+').ruleId]).toEqual(['r2', 'r2']);
      expect([plain?.publish('dev/a').ruleId, plain?.subscribe('dev/+').ruleId]).toEqual(['r1', 'r1']);
    }
  });

  test('a topic that a deny names twice is cut out once', () => {
    const own = grants(aPolicy([{ effect: 'deny', topics: ['a/%c', 'b', 'a/%c', '/#', '/+/#'] }, {}]));
    expect(own.subscribe('#').exclusions).toEqual(['a/dev-1', 'b', '/#']);
  });

  test('an overlap refuses the subscription where the setting says so', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['a/b'] }, { topics: ['#'] }], { wildcardOverlap: 'reject' });
    const expected = { allowed: false, ruleId: 'r1', by: 'rule', exclusions: [], excludedBy: [] };
    expect(grants(policy).subscribe('a/#')).toEqual(expected);
    expect(grants(policy).subscribe('b/#')).toMatchObject({ allowed: true, ruleId: 'r2' });
  });
});

describe('rules that a client brings along', () => {
  const policy = aPolicy([{ effect: 'deny', topics: ['a/secret', 'b'] }, { topics: ['a/#'] }]);
  const own = (place: OwnRules['place'], ...rules: Partial<Rule>[]): OwnRules => ({
    place,
    rules: rules.map((rule, index) => aRule({ id: `acl-${index + 1}`, ...rule })),
  });
  const withOwn = (rules: OwnRules) => compilePolicy(policy).grantsFor(aClient(), NOW_MS, rules);

  test('decide before the policy, or where it has nothing to say', () => {
    const before = withOwn(own('before', { topics: ['b', 'c'] }, { effect: 'deny', topics: ['a/x'] }));
    expect(before.publish('b')).toMatchObject({ allowed: true, ruleId: 'acl-1', by: 'own-rule' });
    expect(before.publish('a/x')).toMatchObject({ allowed: false, ruleId: 'acl-2', by: 'own-rule' });
    expect(before.subscribe('a/#')).toMatchObject({
      ...{ allowed: true, ruleId: 'r2', by: 'rule' },
      ...{ exclusions: ['a/x', 'a/secret'], excludedBy: ['acl-2', 'r1'] },
    });
    const after = withOwn(own('after', { topics: ['b', 'c'] }, { effect: 'deny', topics: ['a/x'] }));
    expect(after.publish('b')).toMatchObject({ allowed: false, ruleId: 'r1', by: 'rule' });
    expect(after.publish('a/x')).toMatchObject({ allowed: true, ruleId: 'r2', by: 'rule' });
    expect(after.publish('c')).toMatchObject({ allowed: true, ruleId: 'acl-1', by: 'own-rule' });
    expect(after.publish('d')).toMatchObject({ allowed: false, ruleId: null, by: 'default' });
    expect(after.publish('$SYS/x')).toMatchObject({ allowed: false, ruleId: null, by: 'built-in' });
  });

  test('are judged like any other rule: whom they speak of, their ends, whether they are valid', () => {
    const rules = own(
      'before',
      { subject: 'clientid', value: 'dev-2', topics: ['b'] },
      { topics: ['b', 'a#'] },
      { topics: ['b'], mode: 'shadow' },
      { topics: ['own/%c'], validUntil: '2030-02-01T00:00:00Z' },
    );
    expect(withOwn(rules).publish('b')).toMatchObject({ allowed: false, ruleId: 'r1' });
    expect(withOwn(rules).publish('own/dev-1')).toMatchObject({ allowed: true, ruleId: 'acl-4' });
    expect(withOwn(rules).validUntil).toBe(Date.parse('2030-02-01T00:00:00Z'));
    expect(ownRulesProblems(rules)).toMatchObject([{ index: 1, field: 'topics.1', code: 'E3' }]);
  });

  test('are of one client alone', () => {
    const compiled = compilePolicy(policy);
    compiled.grantsFor(aClient(), NOW_MS, own('before', { topics: ['b'] })).publish('b');
    expect(compiled.grantsFor(aClient(), NOW_MS).publish('b').allowed).toBe(false);
  });

  test('are bounded: too many are a mistake of whoever made them', () => {
    const many = own('after', ...Array.from({ length: MAX_OWN_RULES + 1 }, () => ({})));
    expect(ownRulesProblems(many)).toMatchObject([{ message: 'A client may bring 256 rules at most, not 257.' }]);
    expect(() => withOwn(many)).toThrow(RangeError);
    expect(ownRulesProblems({ ...many, rules: many.rules.slice(1) })).toEqual([]);
  });
});

describe('verdicts', () => {
  test('are the same objects each time and for each client, so that judging leaves no garbage', () => {
    const compiled = compilePolicy(aPolicy([{ topics: ['a', 'own/%c'] }]));
    const [first, second] = [compiled.grantsFor(aClient(), 0), compiled.grantsFor(aClient({ clientId: 'dev-2' }), 0)];
    expect(first.publish('a')).toBe(second.publish('a'));
    expect(first.publish('own/dev-1')).toBe(first.publish('a'));
    expect(first.subscribe('a')).toBe(first.publish('a'));
  });

  test('stay right far beyond what is remembered of them', () => {
    const own = grants(aPolicy([{ topics: ['even/+'] }]));
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 200; n += 1) {
        expect(own.publish(`${n % 2 === 0 ? 'even' : 'odd'}/${n}`).allowed).toBe(n % 2 === 0);
      }
    }
    expect(own.publish(`even/${'x'.repeat(1_000)}`).allowed).toBe(true);
  });

  test('of filters as deep as a packet can carry do not exhaust the stack', () => {
    const deep = '+/'.repeat(32_000);
    const many = Array.from({ length: 10 }, (_, n) => ({ topics: [`${deep}${n}`] }));
    expect(grants(aPolicy(many)).publish(`${'x/'.repeat(32_000)}7`)).toMatchObject({ allowed: true, ruleId: 'r8' });
  });
});

describe('placeholders', () => {
  test.each<[string, Partial<ClientIdentity>, string | null]>([
    ['a/%c', {}, 'a/dev-1'],
    ['%c/%u/#', { username: 'joy' }, 'dev-1/joy/#'],
    ['a/%u', {}, null],
    ['a/%u', { username: '' }, null],
    ['a/%c', { clientId: '#' }, null],
    ['a/%c', { clientId: '+' }, null],
    ['a/%c', { clientId: 'x/y' }, null],
    ['a/%c', { clientId: '%u' }, 'a/%u'],
    ['a/%c', { clientId: '$SYS' }, 'a/$SYS'],
    ['%c/a', { clientId: '$SYS' }, null],
    ['a/b%', { clientId: '#' }, 'a/b%'],
  ])('%j for %j becomes %j', (filter, client, expected) => {
    expect(substitutePlaceholders(filter, aClient(client))).toBe(expected);
  });
});

test('rule ids are short, and different each time', () => {
  const ids = Array.from({ length: 1_000 }, newRuleId);
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.filter((id) => !/^[a-z2-9]{12}$/.test(id))).toEqual([]);
});
