import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyseMosquittoAcl } from './analyse-mosquitto-acl.js';
import { compilePolicy } from './compile-policy.js';
import { parseMosquittoAcl } from './parse-mosquitto-acl.js';
import type { ClientIdentity } from './rule.js';
import { aClient } from './testing/factories.js';
import { oracleMatches, worldFilters, worldTopics } from './testing/oracle.js';
import { validateRule } from './validate-rule.js';

const text = (lines: string[]) => analyseMosquittoAcl(lines.join('\n'));

const shown = (lines: string[]) =>
  text(lines).rules.map(({ effect, subject, value, access, topics }) =>
    [effect, subject, value, access, topics.join(',')].join(' '),
  );

describe('an acl_file of Mosquitto', () => {
  test('becomes rules: users, accesses, patterns', () => {
    const lines = [
      ...['# comment', '', 'user joy', 'topic read plant/#', 'topic write cmd/+', 'topic readwrite a b', 'topic own'],
      ...['pattern read toDevice/%c/#', 'user ann', 'topic read x', 'pattern deny secret/%u'],
    ];
    expect(shown(lines)).toEqual([
      'allow username joy sub plant/#',
      'allow username joy pub cmd/+',
      'allow username joy pubsub a b',
      'allow username joy pubsub own',
      'allow username ann sub x',
      'deny everyone * pubsub secret/%u',
      'allow everyone * sub toDevice/%c/#',
    ]);
  });

  test('denies come first in their list, and a section may go on later', () => {
    const lines = ['user joy', 'topic read #', 'user ann', 'topic a', 'user joy', 'topic deny secret/#'];
    expect(shown(lines)).toEqual([
      ...['deny username joy pubsub secret/#', 'allow username joy sub #', 'allow username ann pubsub a'],
    ]);
    expect(text(lines).remarks.find(({ kind }) => kind === 'kept')).toMatchObject({ places: ['line 6'] });
  });

  test('lines for clients without a name are for no others', () => {
    expect(shown(['topic read news/#', 'topic read $SYS/#', 'pattern write own/%c', 'user joy', 'topic a'])).toEqual([
      'allow username joy pubsub a',
      'allow username * pub own/%c',
      'deny username * pubsub #,$SYS/#',
      'allow everyone * sub news/#',
      'allow everyone * sub $SYS/#',
      'allow everyone * pub own/%c',
    ]);
  });

  test('every error has its line and column, and nothing is imported then', () => {
    const { rules, errors } = text([
      'user',
      'topic red a',
      'pattern',
      '  topic read a/#/b',
      'topics x',
      'user *',
      'topic\tx',
      'topic ok',
    ]);
    expect(rules).toEqual([]);
    expect(errors.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:5',
      '2:7',
      '3:8',
      '4:14',
      '5:1',
      '6:6',
      '7:1',
    ]);
  });

  test('what cannot be said is left out, and says so', () => {
    const { rules, remarks } = text([
      'user joy',
      'topic read a/%c',
      'topic deny b/%c',
      'topic b/#',
      'pattern read dev-%c/#',
    ]);
    expect(rules.map(({ topics }) => topics)).toEqual([['b/#']]);
    const out = remarks.filter(({ kind, example }) => kind === 'left-out' && example !== null);
    expect(out.map(({ places, example }) => [places, example?.topic, example?.there, example?.here])).toEqual([
      [['line 2'], 'a/%c', 'allow', 'deny'],
      [['line 3'], 'b/%c', 'deny', 'allow'],
      [['line 5'], 'dev-%c/x', 'allow', 'deny'],
    ]);
  });

  test.each([
    [
      ['user joy', 'topic read a', 'topic write $SYS/x', 'pattern write own/%u'],
      ['#', 'own/joy'],
    ],
    [['pattern read own/%c/#'], ['#', 'own/pump-7/x']],
    [
      ['topic read #', 'pattern a'],
      ['$SYS/#', 'a'],
    ],
    [['pattern read %u/%c'], ['#']],
  ])('each difference of %j has an example, which is true', (lines, topics) => {
    const { rules, settings, remarks } = text(lines);
    const policy = { rules: rules.map((rule, index) => ({ id: `${index}`, ...rule })), settings };
    const differing = remarks.flatMap(({ kind, example }) => (kind === 'differs' ? [example!] : []));
    expect(differing.map(({ topic }) => topic)).toEqual(topics);
    for (const { clientId, username, action, topic, here } of differing) {
      const grants = compilePolicy(policy).grantsFor(aClient({ username, clientId }), 0);
      expect(grants[action](topic).allowed, topic).toBe(here === 'allow');
    }
  });

  test('decides as Mosquitto does, publishing and reading, of clients with ordinary names', () => {
    const anyLine = fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('user a', 'user b') },
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.constantFrom('read ', 'write ', 'readwrite ', 'deny ', ''), fc.constantFrom(...worldFilters))
          .map(([access, topic]) => `topic ${access}${topic}`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom('read ', 'write ', 'deny ', ''),
            fc.constantFrom('%c', 'a/%c', '%u/#', '+/%u/%c', 'a/#', '$s/%u', 'b/+', '#'),
          )
          .map(([access, topic]) => `pattern ${access}${topic}`),
      },
    );
    const anyone: fc.Arbitrary<ClientIdentity> = fc.record({
      clientId: fc.constantFrom('a', 'b', 'c'),
      username: fc.constantFrom(null, 'a', 'b', 'c'),
      address: fc.constant(null),
    });
    let allowed = 0;
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 14 }), anyone, (lines, client) => {
        const { rules, settings, errors } = text(lines);
        expect(errors).toEqual([]);
        expect(rules.flatMap(validateRule)).toEqual([]);
        const policy = { rules: rules.map((rule, index) => ({ id: `${index}`, ...rule })), settings };
        const grants = compilePolicy(policy).grantsFor(client, 0);
        for (const topic of worldTopics) {
          if (!/^\$SYS/.test(topic)) {
            const may = mosquittoAllows(lines, client, { access: 'write', topic });
            expect(grants.publish(topic).allowed, `publish ${topic}`).toBe(may);
            allowed += may ? 1 : 0;
          }
          const may = mosquittoAllows(lines, client, { access: 'read', topic });
          expect(grants.subscribe(topic).allowed, `read ${topic}`).toBe(may);
        }
      }),
      { numRuns: 80 },
    );
    expect(allowed).toBeGreaterThan(100);
  });
});

/** Mosquitto's own evaluation: the client's list with its denies first, then the patterns with theirs. */
function mosquittoAllows(
  lines: string[],
  client: ClientIdentity,
  asked: { access: 'read' | 'write'; topic: string },
): boolean {
  const { sections, patterns } = parseMosquittoAcl(lines.join('\n'));
  const own = sections.get(client.username) ?? [];
  const filled = patterns.flatMap((entry) => {
    if (entry.topic.includes('%u') && client.username === null) return [];
    const levels = entry.topic
      .split('/')
      .map((level) => (level === '%c' ? client.clientId : level === '%u' ? client.username! : level));
    // A filter that begins with a placeholder never matches a topic that begins with $.
    return [{ ...entry, topic: levels.join('/') }];
  });
  for (const list of [own, filled]) {
    const inOrder = [
      ...list.filter(({ access }) => access === 'deny'),
      ...list.filter(({ access }) => access !== 'deny'),
    ];
    for (const { access, topic } of inOrder) {
      if (!oracleMatches(topic, asked.topic)) continue;
      if (access === 'deny') return false;
      if (access === 'readwrite' || access === asked.access) return true;
    }
  }
  return false;
}
