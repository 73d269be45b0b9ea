import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from './explain.js';
import { type PolicyTest, runPolicyTests, validatePolicyTest } from './policy-test.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { worldFilters, worldTopics } from './testing/oracle.js';

const aTest = (given: Partial<PolicyTest> = {}): PolicyTest => ({
  id: 't1',
  client: aClient(),
  action: 'publish',
  topic: 'plant/1/temp',
  expect: 'allow',
  note: '',
  ...given,
});

describe('access tests', () => {
  test('pass where the policy decides as expected, and say which rule did', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['secret/#'] }, { topics: ['plant/#'] }]);
    const results = runPolicyTests(
      policy,
      [aTest(), aTest({ id: 't2', topic: 'secret/key' }), aTest({ id: 't3', topic: 'x', expect: 'deny' })],
      NOW_MS,
    );
    expect(results.map(({ testId, passed, ruleId, reason }) => [testId, passed, ruleId, reason])).toEqual([
      ['t1', true, 'r2', 'Allowed by rule 2 (allow everyone pubsub plant/#).'],
      ['t2', false, 'r1', 'Denied by rule 1 (deny everyone pubsub secret/#).'],
      ['t3', true, null, 'Denied: no rule applies and the default is deny.'],
    ]);
  });

  test('a subscription with something cut out of it counts as allowed, and says what is missing', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['secret/#'] }, {}]);
    const [result] = runPolicyTests(policy, [aTest({ action: 'subscribe', topic: '#' })], NOW_MS);
    expect(result).toMatchObject({ passed: true, exclusions: ['secret/#'] });
    expect(result?.reason).toBe('Allowed by rule 2 (allow everyone pubsub #), without secret/#.');
  });

  test('tell what explain tells, whatever is asked', () => {
    const anyTest = fc.record({
      id: fc.constant('t'),
      client: anyClient,
      action: fc.constantFrom('publish' as const, 'subscribe' as const),
      topic: fc.constantFrom(...worldTopics, ...worldFilters, 'a/#/b', ''),
      expect: fc.constantFrom('allow' as const, 'deny' as const),
      note: fc.constant(''),
    });
    fc.assert(
      fc.property(anyPolicy, fc.array(anyTest, { minLength: 8, maxLength: 8 }), (policy, tests) => {
        for (const [index, result] of runPolicyTests(policy, tests, NOW_MS).entries()) {
          const { client, action, topic, expect: expected } = tests[index]!;
          const { allowed, ruleId, reason, exclusions } = explain(policy, client, action, topic, NOW_MS);
          const passed = allowed === (expected === 'allow');
          expect(result).toEqual({ testId: 't', passed, allowed, ruleId, reason, exclusions });
        }
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[string, Partial<PolicyTest>, string[]]>([
  ['a whole test', {}, []],
  ['a filter', { action: 'subscribe', topic: '$share/g/a/+' }, []],
  ['that nobody publishes under $SYS', { topic: '$SYS/x', expect: 'deny' }, []],
  ['no client id', { client: aClient({ clientId: '' }) }, ['client.clientId']],
  ['an address that is none', { client: aClient({ address: '10.0.0.0/8' }) }, ['client.address']],
  ['a topic with a wildcard', { topic: 'a/+' }, ['topic']],
  ['a malformed filter', { action: 'subscribe', topic: 'a/#/b' }, ['topic']],
  ['nothing right', { action: 'read' as never, expect: 'maybe' as never }, ['action', 'expect']],
])('validation of %s', (_, given, fields) => {
  expect(validatePolicyTest(aTest(given)).map(({ field }) => field)).toEqual(fields);
});
