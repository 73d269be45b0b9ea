import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyseDynamicSecurity } from './analyse-dynamic-security.js';
import { compilePolicy } from './compile-policy.js';
import type { ImportAnalysis } from './import-analysis.js';
import { oracleMatches, topicSet, worldFilters, worldTopics } from './testing/oracle.js';
import { validateRule } from './validate-rule.js';

const DEFAULTS = { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true };

const acl = (acltype: string, topic: string, allow = true, priority = 0) => ({ acltype, topic, allow, priority });

interface Given {
  roles?: { rolename: string; acls: ReturnType<typeof acl>[] }[];
  clients?: object[];
  groups?: object[];
  anonymousGroup?: string;
  defaultACLAccess?: object;
}

const analyse = (given: Given) => analyseDynamicSecurity(JSON.stringify({ defaultACLAccess: DEFAULTS, ...given }));

const shown = ({ rules }: ImportAnalysis) =>
  rules.map(({ effect, subject, value, access, topics }) =>
    [effect, subject, value, access, topics.join(',')].join(' '),
  );

const pump = { rolename: 'pump', acls: [acl('publishClientSend', 'toCloud/#'), acl('subscribePattern', 'toDevice/#')] };
const joy = { username: 'joy', roles: [{ rolename: 'pump' }] };

const HASH = `${'A'.repeat(86)}==`;

function grantsOf({ rules, settings, users }: ImportAnalysis, username: string | null) {
  const policy = { rules: rules.map((rule, index) => ({ id: `${index}`, ...rule })), settings };
  const labels = users.find((user) => user.username === username)?.labels ?? [];
  return compilePolicy(policy).grantsFor({ clientId: 'client', username, address: null, labels }, 0);
}

describe('a dynamic-security.json', () => {
  test('becomes rules for labels, and users that carry them', () => {
    const found = analyse({
      roles: [pump, { rolename: 'field staff', acls: [acl('publishClientReceive', 'secret/#', false)] }],
      groups: [{ groupname: 'pump', roles: [{ rolename: 'field staff' }], clients: [{ username: 'joy' }] }],
      clients: [
        { ...joy, textname: 'Joy', clientid: 'pump-7', password: HASH, salt: 'c2FsdA==', iterations: 101 },
        { username: 'ann', disabled: true },
      ],
    });
    expect(found.errors).toEqual([]);
    expect(shown(found)).toEqual([
      'deny label field-staff sub secret/#',
      'allow label pump pub toCloud/#',
      'allow label pump sub toDevice/#',
    ]);
    expect(found.users).toEqual([
      {
        ...{
          username: 'joy',
          passwordHash: `$7$101$c2FsdA==$${HASH}`,
          disabled: false,
          clientId: 'pump-7',
          note: 'Joy',
        },
        labels: ['pump', 'field-staff', 'pump-2'],
      },
      { username: 'ann', passwordHash: null, disabled: true, clientId: null, note: '', labels: [] },
    ]);
    expect(found.remarks[0]?.message).toContain('“field staff” is “field-staff”, “pump” is “pump-2”');
  });

  test('priorities become the order', () => {
    const acls = [
      acl('publishClientSend', '#'),
      acl('publishClientSend', 'a', false, 5),
      acl('publishClientSend', 'b', false, 9),
    ];
    const roles = [pump, { rolename: 'first', acls }];
    const found = analyse({
      roles,
      clients: [
        {
          username: 'joy',
          roles: [
            { rolename: 'pump', priority: 1 },
            { rolename: 'first', priority: 2 },
          ],
        },
      ],
    });
    expect(shown(found)).toEqual([
      ...['deny label first pub b', 'deny label first pub a', 'allow label first pub #'],
      ...['allow label pump pub toCloud/#', 'allow label pump sub toDevice/#'],
    ]);
  });

  test('the anonymous group is for clients without a name, and defaults for all', () => {
    const found = analyse({
      roles: [{ rolename: 'guest', acls: [acl('subscribePattern', 'news/#'), acl('subscribePattern', '$SYS/#')] }],
      groups: [{ groupname: 'anon', roles: [{ rolename: 'guest' }], clients: [] }],
      anonymousGroup: 'anon',
      defaultACLAccess: { ...DEFAULTS, publishClientSend: true },
    });
    expect(shown(found)).toEqual([
      ...['allow label guest sub news/#', 'allow label guest sub $SYS/#', 'allow username * pub #'],
      'deny username * pubsub #,$SYS/#',
      ...['allow everyone * sub news/#', 'allow everyone * sub $SYS/#', 'allow everyone * pub #'],
    ]);
  });

  test('every error has its place, and nothing is imported then', () => {
    const found = analyse({
      roles: [
        { rolename: 'r', acls: [acl('publish', 'a'), acl('subscribePattern', 'a/#/b')] },
        { rolename: 'r', acls: [] },
      ],
      clients: [{ username: 'joy', roles: [{ rolename: 'gone' }], password: 'x' }, {}],
      anonymousGroup: 'none',
    });
    expect(found.rules).toEqual([]);
    expect(found.errors.map(({ path }) => path)).toEqual([
      ...['roles[0].acls[0].acltype', 'roles[0].acls[1].topic'],
      ...['clients[0].password', 'clients[0].roles[0].rolename', 'clients[1].username', 'roles[1]', 'anonymousGroup'],
    ]);
    expect(analyseDynamicSecurity('{').errors[0]?.message).toMatch(/^This is not JSON/);
  });

  test.each<[string, Given, string[]]>([
    [
      'a deny of subscribing that a wider one passes',
      {
        roles: [{ rolename: 'pump', acls: [acl('subscribePattern', 'a/x', false, 1), acl('subscribePattern', 'a/#')] }],
      },
      ['differs a/x allow deny'],
    ],
    [
      'a literal with a wildcard',
      { roles: [{ rolename: 'pump', acls: [acl('subscribeLiteral', 'a/#')] }] },
      ['differs a/x deny allow'],
    ],
    [
      'a literal that denies a wildcard',
      { roles: [{ rolename: 'pump', acls: [acl('subscribeLiteral', '#', false), acl('subscribePattern', '#')] }] },
      ['left-out # deny allow'],
    ],
    [
      'what administers Mosquitto',
      { roles: [{ rolename: 'pump', acls: [acl('publishClientSend', '$CONTROL/#')] }] },
      ['left-out $CONTROL/x allow deny'],
    ],
    [
      'receiving allowed before it is denied',
      {
        roles: [
          {
            rolename: 'pump',
            acls: [
              acl('subscribePattern', '#'),
              acl('publishClientReceive', 'a/b', true, 1),
              acl('publishClientReceive', 'a/#', false),
            ],
          },
        ],
      },
      ['differs a/b allow deny'],
    ],
    [
      'text inside a level',
      { roles: [{ rolename: 'pump', acls: [acl('publishClientSend', 'dev-%c')] }] },
      ['left-out dev-%c allow deny'],
    ],
    [
      'nothing received by default',
      {
        roles: [
          { rolename: 'pump', acls: [acl('subscribePattern', 'a/#')] },
          { rolename: 'other', acls: [acl('publishClientReceive', 'a/b')] },
        ],
        clients: [{ username: 'joy', roles: [{ rolename: 'pump' }, { rolename: 'other' }] }],
        defaultACLAccess: { unsubscribe: true },
      },
      ['differs a/b allow deny'],
    ],
    [
      'defaults below $',
      { roles: [pump], defaultACLAccess: { ...DEFAULTS, publishClientSend: true } },
      ['differs $x/x allow deny'],
    ],
  ])('%s is told with an example', (_, given, expected) => {
    const found = analyse({ clients: [joy], ...given });
    const told = found.remarks.flatMap(({ kind, example }) =>
      example === null ? [] : [`${kind} ${example.topic} ${example.there} ${example.here}`],
    );
    expect(told).toEqual(expected);
  });

  test('roles that two clients want in two orders are told where it matters', () => {
    const role = (rolename: string, allow: boolean) => ({ rolename, acls: [acl('publishClientSend', 'a/#', allow)] });
    const client = (username: string, first: string, second: string) => ({
      username,
      roles: [
        { rolename: first, priority: 2 },
        { rolename: second, priority: 1 },
      ],
    });
    const clients = [client('joy', 'x', 'y'), client('ann', 'y', 'x')];
    const found = analyse({ roles: [role('x', true), role('y', false)], clients });
    const [remark] = found.remarks.filter(({ example }) => example !== null);
    expect(remark).toMatchObject({ kind: 'differs', example: { action: 'publish', topic: 'a/x' } });
    const { example } = remark!;
    expect(grantsOf(found, example!.username).publish('a/x').allowed).toBe(example!.here === 'allow');
    expect(example!.there).not.toBe(example!.here);
    expect(
      analyse({ roles: [role('x', true), role('y', true)], clients }).remarks.filter((each) => each.example),
    ).toEqual([]);
  });

  test('decides as Mosquitto does, publishing and reading single topics', () => {
    let allowed = 0;
    fc.assert(
      fc.property(anyFile, fc.constantFrom('joy', 'ann', null), (file, username) => {
        const found = analyse(file);
        expect(found.errors).toEqual([]);
        expect(found.rules.flatMap(validateRule)).toEqual([]);
        const grants = grantsOf(found, username);
        for (const topic of worldTopics.filter((each) => !each.startsWith('$'))) {
          const may = mosquittoAllows(file, username, topic);
          expect(grants.publish(topic).allowed, `publish ${topic}`).toBe(may.publish);
          expect(grants.subscribe(topic).allowed, `read ${topic}`).toBe(may.read);
          allowed += Number(may.publish) + Number(may.read);
        }
      }),
      { numRuns: 60 },
    );
    expect(allowed).toBeGreaterThan(300);
  });
});

/** Files in which all clients have their roles in one order, and receiving is denied at most. */
const anyAcl = fc
  .tuple(
    fc.constantFrom('publishClientSend', 'publishClientReceive', 'subscribeLiteral', 'subscribePattern'),
    fc.constantFrom(...worldFilters),
    fc.boolean(),
    fc.nat(3),
  )
  .map(([type, topic, allow, priority]) => {
    const plain = type === 'subscribeLiteral' ? topic.replace(/[+#]/g, 'a') : topic;
    return acl(type, plain, allow && type !== 'publishClientReceive', priority);
  });

const anyFile = fc
  .record({
    acls: fc.array(fc.array(anyAcl, { maxLength: 5 }), { minLength: 3, maxLength: 3 }),
    has: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    anonymous: fc.boolean(),
    send: fc.boolean(),
    subscribe: fc.boolean(),
  })
  .map(({ acls, has, anonymous, send, subscribe }) => {
    const names = ['r0', 'r1', 'r2'];
    const rolesFrom = (at: number) =>
      names.flatMap((rolename, index) => (has[at + index] ? [{ rolename, priority: 10 - index }] : []));
    return {
      roles: names.map((rolename, index) => ({ rolename, acls: acls[index]! })),
      clients: [
        { username: 'joy', roles: rolesFrom(0) },
        { username: 'ann', roles: rolesFrom(3).slice(0, 1) },
      ],
      groups: [{ groupname: 'g', roles: rolesFrom(0), clients: [] }],
      ...(anonymous && { anonymousGroup: 'g' }),
      defaultACLAccess: { ...DEFAULTS, publishClientSend: send, subscribe },
    };
  });

/** Mosquitto's own evaluation: the first ACL of its kind that matches, role by role, or the default. */
function mosquittoAllows(file: Given, username: string | null, topic: string) {
  interface Holder {
    username?: string;
    groupname?: string;
    roles: { rolename: string; priority: number }[];
  }
  const holder =
    username === null
      ? (file.groups as Holder[]).find(({ groupname }) => groupname === file.anonymousGroup)
      : (file.clients as Holder[]).find((client) => client.username === username);
  const roles = (holder?.roles ?? []).toSorted((a, b) => b.priority - a.priority);
  const first = (type: string, rolename: string, isIt: (filter: string) => boolean) =>
    file
      .roles!.find((role) => role.rolename === rolename)!
      .acls.filter(({ acltype }) => acltype === type)
      .toSorted((a, b) => b.priority - a.priority)
      .find((each) => isIt(each.topic))?.allow;
  const matches = (filter: string) => oracleMatches(filter, topic);
  const decide = (ask: (rolename: string) => boolean | undefined, otherwise: boolean) => {
    for (const { rolename } of roles) {
      const found = ask(rolename);
      if (found !== undefined) return found;
    }
    return otherwise;
  };
  const defaults = file.defaultACLAccess as typeof DEFAULTS;
  const subscribes = decide(
    (role) =>
      first('subscribeLiteral', role, (filter) => filter === topic) ??
      first('subscribePattern', role, (filter) => (topicSet(topic) & ~topicSet(filter)) === 0n),
    defaults.subscribe,
  );
  const receives = decide((role) => first('publishClientReceive', role, matches), defaults.publishClientReceive);
  return {
    publish: decide((role) => first('publishClientSend', role, matches), defaults.publishClientSend),
    read: subscribes && receives,
  };
}
