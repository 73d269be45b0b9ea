import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { substitutePlaceholders } from './placeholders.js';
import { reachOf } from './reach.js';
import type { Action, ClientIdentity, Policy } from './rule.js';
import { type AccessSearch, searchAccess } from './search-access.js';
import { subjectMatches } from './subject.js';
import { anyClient, anyOwnRules, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { oracleMatches, worldFilters, worldTopics } from './testing/oracle.js';

const anyAction = fc.constantFrom<Action>('publish', 'subscribe');
const anyFilter = fc.constantFrom(...worldFilters);

function search(policy: Policy, action: Action, filter: string, ...clients: Partial<ClientIdentity>[]): AccessSearch {
  const asked = clients.map((client) => ({ identity: aClient(client) }));
  return searchAccess(policy, { action, filter, nowMs: NOW_MS }, asked)!;
}

const plant = aPolicy([
  { effect: 'deny', subject: 'label', value: 'guest', topics: ['plant/+/valve'] },
  { subject: 'label', value: 'staff', topics: ['plant/#'] },
  { subject: 'username', value: 'bob', access: 'pub', topics: ['plant/1/valve'] },
  { subject: 'clientid', value: '*', topics: ['own/%c/#', 'plant/%c/valve'] },
  { effect: 'deny', topics: ['secret/keys/#'] },
  { access: 'sub', topics: ['secret/#'] },
]);

describe('who can do this', () => {
  test('is answered for clients that are there, with the rule and what is cut out', () => {
    const found = search(
      plant,
      'publish',
      'plant/1/valve',
      { clientId: 'a', labels: ['staff'] },
      { clientId: 'b', labels: ['staff', 'guest'] },
      { clientId: 'c', username: 'bob' },
      { clientId: '1' },
      { clientId: '2' },
    );
    expect(found.clients.map(({ identity, extent, parts }) => [identity.clientId, extent, parts[0]?.ruleId])).toEqual([
      ['a', 'all', 'r2'],
      ['c', 'all', 'r3'],
      ['1', 'all', 'r4'],
    ]);
    expect(found.counts).toEqual({ all: 3, part: 0, none: 2 });
  });

  test('is answered for anybody who may come, narrowed to whom a placeholder lets', () => {
    const { rules } = search(plant, 'publish', 'plant/1/valve');
    expect(rules.map(({ ruleId, subject, value, extent }) => [ruleId, subject, value, extent])).toEqual([
      ['r2', 'label', 'staff', 'all'],
      ['r3', 'username', 'bob', 'all'],
      ['r4', 'clientid', '1', 'all'],
    ]);
    expect(rules[0]?.cuts).toEqual([
      { ruleId: 'r1', subject: 'label', value: 'guest', filter: 'plant/+/valve', of: 'some' },
    ]);
    expect(search(plant, 'publish', 'own/#').rules).toEqual([
      {
        ...{ ruleId: 'r4', subject: 'clientid', value: '*', filter: 'own/%c/#', extent: 'part', cuts: [] },
        example: 'own/x/x',
      },
    ]);
  });

  test('of anything under a filter has an example of each part', () => {
    const { clients, rules } = search(plant, 'subscribe', 'secret/#', {});
    expect(clients).toMatchObject([
      { extent: 'part', parts: [{ filter: 'secret/#', exclusions: ['secret/keys/#'], excludedBy: ['r5'] }] },
    ]);
    expect(clients[0]?.parts[0]?.example).toBe('secret/x');
    expect(rules).toMatchObject([{ ruleId: 'r6', extent: 'part', example: 'secret/x', cuts: [{ of: 'all' }] }]);
    expect(search(plant, 'subscribe', 'secret/keys/#', {}).counts.none).toBe(1);
    expect(search(plant, 'subscribe', 'secret/keys/#').rules).toEqual([]);
    expect(search(plant, 'subscribe', '$share/g/secret/keys/1', {}).counts.none).toBe(1);
  });

  test('takes nothing away by a deny of what only some clients have a value for', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['a/%u/+', 'a//+'] }, { topics: ['a/%c/#'] }]);
    expect(search(policy, 'subscribe', 'a/+/').rules).toMatchObject([
      { ruleId: 'r2', filter: 'a/%c/', cuts: [{ filter: 'a/%u/+', of: 'some' }, { filter: 'a//+' }] },
    ]);
    const own = aPolicy([{ effect: 'deny', topics: ['a/%c/x'] }, { topics: ['a/%c/#'] }]);
    expect(search(own, 'subscribe', 'a/+/x').rules).toEqual([]);
  });

  test('names no more clients than asked for and counts them all', () => {
    const clients = Array.from({ length: 20 }, (_, n) => ({ identity: aClient({ clientId: `c${n}` }) }));
    const found = searchAccess(plant, { action: 'subscribe', filter: 'secret/a', nowMs: NOW_MS, limit: 3 }, clients);
    expect([found?.clients.length, found?.counts.all]).toEqual([3, 20]);
  });

  test('has no answer for a malformed filter', () => {
    expect(searchAccess(plant, { action: 'subscribe', filter: 'a#', nowMs: NOW_MS }, [])).toBeNull();
    expect(searchAccess(plant, { action: 'subscribe', filter: '$share/g', nowMs: NOW_MS }, [])).toBeNull();
  });

  test('the default is told of as such, and nobody publishes for the broker', () => {
    const open = aPolicy([{ effect: 'deny', topics: ['a'] }], { noMatch: 'allow' });
    expect(search(open, 'publish', '#', {}).rules).toMatchObject([{ ruleId: null, subject: 'everyone', example: 'x' }]);
    expect(search(open, 'publish', '$SYS/#', {})).toMatchObject({ counts: { none: 1 }, rules: [] });
    expect(search(open, 'subscribe', '$SYS/#', {})).toMatchObject({ counts: { all: 1 } });
  });

  test('is what judging each topic says, for every client, topic and filter', () => {
    fc.assert(
      fc.property(anyPolicy, anyClient, anyOwnRules, anyAction, anyFilter, (policy, identity, own, action, filter) => {
        const found = searchAccess(policy, { action, filter, nowMs: NOW_MS }, [{ identity, own }]);
        const grants = compilePolicy(policy).grantsFor(identity, NOW_MS, own);
        const may = (topic: string) => grants[action](topic).allowed;
        const within = worldTopics.filter((topic) => oracleMatches(filter, topic));
        const [client] = found?.clients ?? [];
        if (client === undefined) {
          expect(within.filter(may)).toEqual([]);
          return;
        }
        for (const { example } of client.parts) {
          expect([oracleMatches(filter, example), may(example)]).toEqual([true, true]);
        }
        if (client.extent === 'all') expect(within.filter((topic) => !may(topic))).toEqual([]);
        if (action === 'publish' || policy.settings.wildcardOverlap === 'reject') return;
        const verdict = grants.subscribe(filter);
        expect(client.extent === 'all').toBe(verdict.allowed && verdict.exclusions.length === 0);
      }),
      { numRuns: 200 },
    );
  });

  test('the rules name everything that any client is allowed', () => {
    fc.assert(
      fc.property(anyPolicy, anyClient, anyAction, anyFilter, (policy, identity, action, filter) => {
        const { rules } = searchAccess(policy, { action, filter, nowMs: NOW_MS }, [])!;
        const grants = compilePolicy(policy).grantsFor(identity, NOW_MS);
        for (const topic of worldTopics.filter((each) => oracleMatches(filter, each))) {
          const { allowed, ruleId } = grants[action](topic);
          if (!allowed) continue;
          const named = rules.filter((each) => {
            const own = substitutePlaceholders(each.filter, identity);
            return (
              each.ruleId === ruleId && own !== null && oracleMatches(own, topic) && subjectMatches(each, identity)
            );
          });
          expect([topic, named.length > 0]).toEqual([topic, true]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what this client can reach', () => {
  test('is told filter by filter, with its own values and what is cut out', () => {
    const { parts } = reachOf(
      plant,
      { identity: aClient({ labels: ['staff'] }) },
      { action: 'subscribe', nowMs: NOW_MS },
    );
    expect(parts.map(({ filter, ruleId, exclusions }) => [filter, ruleId, ...exclusions])).toEqual([
      ['plant/#', 'r2'],
      ['own/dev-1/#', 'r4'],
      ['secret/#', 'r6', 'secret/keys/#'],
    ]);
  });

  test('says when there is more than the limit', () => {
    const many = aPolicy(Array.from({ length: 9 }, (_, n) => ({ topics: [`a/${n}`] })));
    const ask = (limit: number) => reachOf(many, { identity: aClient() }, { action: 'publish', nowMs: NOW_MS, limit });
    expect([ask(5).parts.length, ask(5).hasMore, ask(9).hasMore]).toEqual([5, true, false]);
  });

  test('is exactly what judging each topic allows', () => {
    fc.assert(
      fc.property(anyPolicy, anyClient, anyOwnRules, anyAction, (policy, identity, own, action) => {
        const { parts } = reachOf(policy, { identity, own }, { action, nowMs: NOW_MS });
        const grants = compilePolicy(policy).grantsFor(identity, NOW_MS, own);
        // What the default allows under `$` has no filter of its own.
        const topics = worldTopics.filter((topic) => policy.settings.noMatch === 'deny' || !topic.startsWith('$'));
        const isReached = (topic: string) =>
          parts.some(
            ({ filter, exclusions }) =>
              oracleMatches(filter, topic) && !exclusions.some((each) => oracleMatches(each, topic)),
          );
        expect(topics.filter((topic) => isReached(topic) !== grants[action](topic).allowed)).toEqual([]);
        for (const { example } of parts) expect(grants[action](example).allowed).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
