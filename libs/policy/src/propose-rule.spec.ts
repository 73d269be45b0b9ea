import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { type AccessRequest, proposeRule, type Wish } from './propose-rule.js';
import type { Action, ClientIdentity, Policy, Rule } from './rule.js';
import { anyClient, anyOwnRules, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy, aRule } from './testing/factories.js';
import { worldFilters } from './testing/oracle.js';

const asked = (action: Action, topic: string, client: Partial<ClientIdentity> = {}): AccessRequest => ({
  ...{ client: { identity: aClient({ address: null, ...client }) }, action, topic },
});

const propose = (policy: Policy, request: AccessRequest, wish: Partial<Wish> = {}) =>
  proposeRule(policy, request, { effect: 'allow', nowMs: NOW_MS, ...wish });

/** Each proposal as `position: subject value access topic`. */
const essence = ({ proposals }: ReturnType<typeof proposeRule>) =>
  proposals.map(({ position, rule }) =>
    [`${position}:`, rule.subject, rule.value, rule.access, ...rule.topics].join(' '),
  );

describe('a proposed rule', () => {
  test('is for this client, this direction and this topic, before the rule that refuses', () => {
    const policy = aPolicy([{ topics: ['a'] }, { effect: 'deny', topics: ['plant/#'] }, {}]);
    expect(essence(propose(policy, asked('publish', 'plant/1/x')))).toEqual(['1: clientid dev-1 pub plant/1/x']);
    expect(essence(propose(policy, asked('publish', 'b'), { effect: 'deny' }))).toEqual(['2: clientid dev-1 pub b']);
  });

  test('stands at the end where no rule had anything to say', () => {
    expect(essence(propose(aPolicy([{ topics: ['a'] }]), asked('subscribe', 'b/+')))).toEqual([
      '1: clientid dev-1 sub b/+',
    ]);
  });

  test('stands before every deny that cuts something out of a subscription', () => {
    const policy = aPolicy([{ topics: ['z'] }, { effect: 'deny', topics: ['a/b'] }, { topics: ['a/#'] }]);
    expect(essence(propose(policy, asked('subscribe', '$share/g/a/#')))).toEqual(['1: clientid dev-1 sub a/#']);
  });

  test('is for the user where the client id is made up', () => {
    for (const clientId of ['mqttjs_1a2b3c4d', 'mosq-Xy1', 'perch-0123456789abcdef0123']) {
      const [first] = propose(aPolicy([]), asked('publish', 'a', { clientId, username: 'joy' })).proposals;
      expect([first?.rule.subject, first?.rule.value]).toEqual(['username', 'joy']);
    }
    const [named] = propose(aPolicy([]), asked('publish', 'a', { clientId: 'perch-7', username: 'joy' })).proposals;
    expect(named?.rule.subject).toBe('clientid');
  });

  test('comes with one for every client’s own topics where a level is the client’s id or user name', () => {
    const request = asked('publish', 'own/dev-1/joy', { username: 'joy' });
    const others = [asked('publish', 'own/dev-2/joy', { clientId: 'dev-2' }), asked('publish', 'b'), request];
    const found = propose(aPolicy([]), request, { recorded: others });
    expect(essence(found)).toEqual([
      '0: clientid dev-1 pub own/dev-1/joy',
      '0: username joy pub own/dev-1/joy',
      '0: clientid * pub own/%c/joy',
      '0: username * pub own/dev-1/%u',
    ]);
    expect(found.proposals.map(({ scope, changes }) => [scope, changes.length])).toEqual([
      ['one', 0],
      ['one', 0],
      ['each-own', 1],
      ['each-own', 0],
    ]);
  });

  test('never speaks of everybody because the client calls itself *', () => {
    expect(propose(aPolicy([]), asked('publish', 'a', { clientId: '*' }))).toEqual({
      proposals: [],
      obstacle: 'No rule can name this client and this topic.',
    });
    const byUser = propose(aPolicy([]), asked('publish', 'a', { clientId: '*', username: 'joy' }));
    expect(essence(byUser)).toEqual(['0: username joy pub a']);
  });

  test.each<[string, AccessRequest, Partial<Rule>[], string]>([
    ['already so', asked('publish', 'a'), [{}], 'Nothing to do. Allowed by rule 1 (allow everyone pubsub #).'],
    ['nobody’s', asked('publish', '$SYS/x'), [], 'Denied: only the broker itself publishes under $SYS'],
    ['no topic', asked('publish', 'a/+'), [], 'Denied: “a/+” is not a topic'],
    ['what no rule can say', asked('publish', 'a/%c'), [], 'No rule can name'],
  ])('does not exist for what is %s', (_, request, rules, obstacle) => {
    const found = propose(aPolicy(rules), request);
    expect(found.proposals).toEqual([]);
    expect(found.obstacle).toContain(obstacle);
  });

  test('cannot come before what the client brought along', () => {
    const own = { place: 'before' as const, rules: [aRule({ effect: 'deny', topics: ['a'] })] };
    const request = { ...asked('publish', 'a'), client: { identity: aClient(), own } };
    expect(propose(aPolicy([]), request).obstacle).toContain('brought along');
    const after = {
      ...request,
      client: { identity: aClient({ address: null }), own: { ...own, place: 'after' as const } },
    };
    expect(essence(propose(aPolicy([{ topics: ['x'] }]), after))).toEqual(['1: clientid dev-1 pub a']);
  });

  test('settles the request, and changes nothing recorded but what it says', () => {
    const anyRequest = fc.record({
      client: fc.record({ identity: anyClient, own: anyOwnRules }),
      action: fc.constantFrom<Action>('publish', 'subscribe'),
      topic: fc.constantFrom(...worldFilters),
    });
    const anyEffect = fc.constantFrom('allow' as const, 'deny' as const);
    const recorded = fc.array(anyRequest, { maxLength: 8 });
    fc.assert(
      fc.property(anyPolicy, anyRequest, anyEffect, recorded, (policy, request, effect, others) => {
        const judge = (by: Policy, { client, action, topic }: AccessRequest): unknown[] => {
          const grants = compilePolicy(by).grantsFor(client.identity, NOW_MS, client.own);
          const none: readonly string[] = [];
          const { allowed, exclusions } = { exclusions: none, ...grants[action](topic) };
          return [allowed, ...exclusions];
        };
        for (const { rule, position, changes } of propose(policy, request, { effect, recorded: others }).proposals) {
          const changed = { ...policy, rules: policy.rules.toSpliced(position, 0, { id: 'new', ...rule }) };
          expect(judge(changed, request)).toEqual([effect === 'allow']);
          const untold = others.filter(
            (each) => !changes.includes(each) && each.client.identity.clientId !== request.client.identity.clientId,
          );
          expect(untold.map((each) => judge(changed, each))).toEqual(untold.map((each) => judge(policy, each)));
        }
      }),
      { numRuns: 200 },
    );
  });
});
