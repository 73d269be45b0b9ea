import { describe, expect, test } from 'vitest';
import type { Rule } from './rule.js';
import { aRule } from './testing/factories.js';
import { validateRule } from './validate-rule.js';

const problems = (given: Partial<Rule>) => validateRule(aRule(given)).map(({ field, code }) => `${field} ${code}`);

describe('a rule is refused', () => {
  test.each<[string, Partial<Rule>, string]>([
    ['without a value', { subject: 'clientid', value: '' }, 'value E1'],
    ['with a blank value', { subject: 'username', value: '  ' }, 'value E1'],
    ['without an address', { subject: 'ipaddr', value: '' }, 'value E1'],
    ['without a topic', { topics: [] }, 'topics E2'],
    ['with an empty filter', { topics: ['a', ''] }, 'topics.1 E3'],
    ['with # before the end', { topics: ['a/#/b'] }, 'topics.0 E3'],
    ['with # inside a level', { topics: ['a#'] }, 'topics.0 E3'],
    ['with + inside a level', { topics: ['x', 'y', '+a/b'] }, 'topics.2 E3'],
    ['with a NUL', { topics: ['a\0'] }, 'topics.0 E3'],
    ['with too long a filter', { topics: ['x'.repeat(65_536)] }, 'topics.0 E3'],
    ['without a label', { subject: 'label', value: ' ' }, 'value E1'],
    ['with a bad address', { subject: 'ipaddr', value: '10.0.0.256' }, 'value E4'],
    ['with a bad prefix', { subject: 'ipaddr', value: '10.0.0.0/33' }, 'value E4'],
    ['with a host name', { subject: 'ipaddr', value: 'localhost' }, 'value E4'],
    ['with an unknown placeholder', { topics: ['a/%d'] }, 'topics.0 E5'],
    ['with a placeholder spelled out', { topics: ['%clientid/x'] }, 'topics.0 E5'],
    ['with a placeholder inside a level', { topics: ['dev-%c/x'] }, 'topics.0 E5'],
    ['with an end without offset', { validUntil: '2030-01-01T00:00:00' }, 'validUntil E7'],
    ['with an end on a day that does not exist', { validUntil: '2030-02-30T00:00:00Z' }, 'validUntil E7'],
    ['with an end at an hour that does not exist', { validUntil: '2030-02-20T25:00:00Z' }, 'validUntil E7'],
    ['with an effect from elsewhere', { effect: 'permit' as 'allow' }, 'effect E7'],
    ['with an access from elsewhere', { access: '3' as 'pub' }, 'access E7'],
  ])('%s', (_, given, expected) => {
    expect(problems(given)).toEqual([expected]);
  });

  test('with all its problems at once', () => {
    const draft: Partial<Rule> = { subject: 'ipaddr', value: 'x', topics: ['a#', 'ok', '%x'], validUntil: 'soon' };
    expect(problems(draft)).toEqual(['value E4', 'topics.0 E3', 'topics.2 E5', 'validUntil E7']);
  });
});

describe('a rule is accepted', () => {
  test.each<[string, Partial<Rule>]>([
    ['for everyone, whatever its value', { subject: 'everyone', value: '' }],
    ['for any client id', { subject: 'clientid', value: '*' }],
    ['for any user', { subject: 'username', value: '*' }],
    ['for any label', { subject: 'label', value: '*' }],
    ['for a label of several words', { subject: 'label', value: 'night shift' }],
    ['for any address', { subject: 'ipaddr', value: '*' }],
    ['for an IPv6 block', { subject: 'ipaddr', value: '2001:db8::/32' }],
    ['with placeholders as whole levels', { topics: ['%c', 'a/%u/#', '%c/%u'] }],
    ['with plain percent signs', { topics: ['load %', '100%/x', 'a%20b', '%C3%A9', '%c3%a9', '50%off'] }],
    ['with an end', { validUntil: '2030-02-28T23:59:59.999+02:00' }],
    ['on the leap day', { validUntil: '2028-02-29T00:00Z' }],
  ])('%s', (_, given) => {
    expect(problems(given)).toEqual([]);
  });
});
