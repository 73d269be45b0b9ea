import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { filterMatches } from './filter.js';
import { parseAclConf } from './parse-acl-conf.js';
import type { ClientIdentity, Policy } from './rule.js';
import { aClient, aPolicy } from './testing/factories.js';

const grants = (policy: Policy, client: ClientIdentity = aClient()) => compilePolicy(policy).grantsFor(client, 0);

/** Mistakes that other brokers of this family have made. */
describe('known traps', () => {
  test('a rule for one direction never decides the other', () => {
    const denies = grants(aPolicy([{ effect: 'deny', access: 'pub', topics: ['a'] }, { topics: ['a'] }]));
    expect(denies.publish('a')).toMatchObject({ allowed: false, ruleId: 'r1' });
    expect(denies.subscribe('a')).toMatchObject({ allowed: true, ruleId: 'r2' });
    const allows = grants(aPolicy([{ access: 'sub', topics: ['a'] }]));
    expect(allows.publish('a').allowed).toBe(false);
    expect(allows.subscribe('a').allowed).toBe(true);
  });

  test('a deny for publishing cuts nothing out of a subscription', () => {
    const { exclusions } = grants(aPolicy([{ effect: 'deny', access: 'pub', topics: ['a/b'] }, {}])).subscribe('a/#');
    expect(exclusions).toEqual([]);
  });

  test('a/b does not match a/b/c', () => {
    const own = grants(aPolicy([{ topics: ['a/b'] }]));
    expect([own.publish('a/b').allowed, own.publish('a/b/c').allowed, own.publish('a').allowed]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a/# matches a', () => {
    const own = grants(aPolicy([{ topics: ['a/#'] }]));
    expect([own.publish('a').allowed, own.publish('a/').allowed, own.publish('ab').allowed]).toEqual([
      true,
      true,
      false,
    ]);
    expect(own.subscribe('a').allowed).toBe(true);
  });

  test.each(['a/#/b', '#/a', 'a#', '##', '+a', 'a/b+', '', '%x'])(
    'the malformed filter %j makes its rule apply to nothing',
    (filter) => {
      const own = grants(aPolicy([{ topics: [filter, '#'] }]));
      for (const topic of ['a', 'a/b', 'a/x/b', 'x', 'ab', 'a#']) expect(own.publish(topic).allowed).toBe(false);
      for (const wanted of ['a', 'a/#', '#', filter]) expect(own.subscribe(wanted).allowed).toBe(false);
    },
  );

  test('deny secret/# is not evaded by subscribing to #', () => {
    const own = grants(aPolicy([{ effect: 'deny', topics: ['secret/#'] }, { topics: ['#'] }]));
    for (const wanted of ['#', '+/#', '$share/g/#']) {
      expect(own.subscribe(wanted)).toEqual({
        allowed: true,
        ruleId: 'r2',
        by: 'rule',
        exclusions: ['secret/#'],
        excludedBy: ['r1'],
      });
    }
    expect(own.subscribe('+/x').exclusions).toEqual(['secret/#']);
    expect(own.subscribe('secret/x')).toMatchObject({ allowed: false, ruleId: 'r1' });
    expect(own.subscribe('$share/g/secret/+')).toMatchObject({ allowed: false, ruleId: 'r1' });
    expect(own.subscribe('public/#').exclusions).toEqual([]);
  });

  test('+/+ is not granted because a rule allows a/b', () => {
    const own = grants(aPolicy([{ topics: ['a/b'] }]));
    for (const wanted of ['+/+', 'a/+', '+/b', 'a/#', '#']) expect(own.subscribe(wanted).allowed).toBe(false);
    expect(own.subscribe('a/b').allowed).toBe(true);
  });

  test.each(['#', '+', 'a/b', '', '+/#', 'x#', '\0', '\ud800'])(
    'the client id %j injects nothing through %%c',
    (clientId) => {
      const own = grants(aPolicy([{ topics: ['toCloud/%c', 'fixed'] }]), aClient({ clientId }));
      for (const topic of ['toCloud/x', 'toCloud', 'toCloud/a/b', 'toCloud/', 'fixed', 'toCloud/%c']) {
        expect(own.publish(topic).allowed).toBe(false);
      }
      for (const wanted of ['toCloud/#', 'toCloud/+', `toCloud/${clientId}`]) {
        expect(own.subscribe(wanted).allowed).toBe(false);
      }
    },
  );

  test('the client id $SYS does not read the broker’s topics through a leading %c', () => {
    const own = grants(aPolicy([{ topics: ['%c/#'] }]), aClient({ clientId: '$SYS' }));
    expect([own.subscribe('$SYS/#').allowed, own.subscribe('$SYS/broker/x').allowed]).toEqual([false, false]);
    expect(grants(aPolicy([{ topics: ['%c/#'] }])).subscribe('dev-1/#').allowed).toBe(true);
  });

  test('a client cannot slip out of a deny by having an id or no name that fits its placeholder', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['secret/#', 'own/%c', 'own/%u'] }, {}]);
    for (const client of [aClient(), aClient({ clientId: 'a/b' }), aClient({ clientId: '#' })]) {
      expect(grants(policy, client).publish('secret/x')).toMatchObject({ allowed: false, ruleId: 'r1' });
      expect(grants(policy, client).subscribe('#').exclusions).toContain('secret/#');
    }
    expect(grants(policy, aClient({ clientId: 'a/b' })).publish('own/a/b')).toMatchObject({
      allowed: true,
      ruleId: 'r2',
    });
  });

  test('a blank line that ends the file is no rule and no error', () => {
    for (const end of ['', '\n', '\n\n', '\r\n', '\n  \t\n', '\n\n#']) {
      const parsed = parseAclConf(`allow clientid dev-1 3 a${end}`, { digits: 'pub-sub' });
      expect(parsed.errors).toEqual([]);
      expect(parsed.rules).toHaveLength(1);
    }
  });

  test('nobody forges presence: publishing under $SYS is refused whatever the rules say', () => {
    const everything = aPolicy([{ topics: ['#', '$SYS/#', '$SYS/broker/connection/clients/%c', '$SYS'] }], {
      noMatch: 'allow',
    });
    const own = grants(everything);
    for (const topic of ['$SYS/broker/connection/clients/dev-1', '$SYS', '$SYS/', '$SYS/x']) {
      expect(own.publish(topic)).toMatchObject({ allowed: false, ruleId: null });
    }
    expect(own.subscribe('$SYS/#')).toMatchObject({ allowed: true, ruleId: 'r1' });
    expect(own.publish('$SYSTEM').allowed).toBe(true);
  });

  test('a leading wildcard reaches no $-topic, in an allow or in a deny', () => {
    const allows = grants(aPolicy([{ topics: ['#', '+/x', '+/#'] }]));
    expect([allows.subscribe('$SYS/#').allowed, allows.subscribe('$SYS/x').allowed]).toEqual([false, false]);
    expect(allows.publish('$x/x').allowed).toBe(false);
    const denies = grants(aPolicy([{ effect: 'deny', topics: ['#'] }, { topics: ['$SYS/#'] }]));
    expect(denies.subscribe('$SYS/#')).toMatchObject({ allowed: true, ruleId: 'r2', exclusions: [] });
    expect(filterMatches('#', '$SYS/x')).toBe(false);
  });

  test('no verdict outlives the policy or the client it was made for', () => {
    const policy = aPolicy([{ subject: 'username', value: 'joy', topics: ['a'] }]);
    const joy = aClient({ username: 'joy' });
    expect(grants(policy, joy).publish('a').allowed).toBe(true);
    expect(grants(policy).publish('a').allowed).toBe(false);
    expect(grants(aPolicy([]), joy).publish('a').allowed).toBe(false);
    expect(grants(policy, joy).publish('a').allowed).toBe(true);
  });

  // Not answering a refusal, and replaying retained messages or wills unjudged, are traps of the broker, tested there;
  // what the engine owes them is an answer for any text that a packet can carry.
  test('any topic, however malformed, is answered with a refusal', () => {
    const own = grants(aPolicy([{}], { noMatch: 'allow' }));
    for (const topic of ['', '#', 'a/+', 'a\0', '\ud800', 'x'.repeat(65_536)]) {
      expect(own.publish(topic)).toMatchObject({ allowed: false, ruleId: null });
    }
    for (const wanted of ['', 'a#', '$share/g', '$share//a', 'x'.repeat(65_536)]) {
      expect(own.subscribe(wanted)).toMatchObject({ allowed: false, ruleId: null });
    }
  });
});
