import { MAX_OWN_RULES } from '@perch/policy';
import { expect, test } from 'vitest';
import { readAcl } from './acl-rules.js';

const read = (value: unknown) => {
  const reading = readAcl(value);
  return 'problem' in reading
    ? reading.problem
    : reading.rules.map(({ id, effect, access, topics }) => [id, effect, access, topics.join()].join(' '));
};

test('rules are read as a list, with what is left out meaning allow and both directions', () => {
  const list = [
    { effect: 'deny', access: 'pub', topics: ['a/#'] },
    { topics: ['b', 'c/%u'] },
    { access: 'sub', topics: 'd' },
  ];
  expect(read(list)).toEqual(['own-1 deny pub a/#', 'own-2 allow pubsub b,c/%u', 'own-3 allow sub d']);
  expect(read([])).toEqual([]);
});

test('rules are read as lists of what is allowed, with the placeholders of others', () => {
  expect(read({ pub: ['up/${clientid}'], sub: [], all: ['of/${username}/#'] })).toEqual([
    'own-1 allow pub up/%c',
    'own-2 allow pubsub of/%u/#',
  ]);
  expect(read({})).toEqual([]);
});

test.each([
  ['no rules at all', 'everything'],
  ['null', null],
  ['a rule that is none', [7]],
  ['an effect that is none', [{ effect: 'maybe', topics: ['a'] }]],
  ['an access that is none', [{ access: 'publish', topics: ['a'] }]],
  ['a field that might narrow it', [{ topics: ['a'], retain: false }]],
  ['topics that are none', [{ topics: [1] }]],
  ['no topics', [{ effect: 'allow' }]],
  ['a list that is none', { pub: 7 }],
  ['a list of another name', { publish: ['a'] }],
  ['a malformed filter', [{ topics: ['a/#/b'] }]],
  ['a placeholder inside a level', { pub: ['x${clientid}'] }],
  ['more rules than a client may bring', Array.from({ length: MAX_OWN_RULES + 1 }, () => ({ topics: ['a'] }))],
])('%s is refused as a whole', (_what, value) => {
  expect(read(value)).toEqual(expect.any(String));
});
