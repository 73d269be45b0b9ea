import fc from 'fast-check';
import type { ClientIdentity, OwnRules, Policy, Rule } from '../rule.js';
import { oracleAddresses, worldFilters } from './oracle.js';

/** The instant at which generated policies are judged; some of their rules end before it, some after. */
export const NOW_MS = Date.parse('2030-01-01T00:00:00Z');

const placeholderFilters = ['%c', '%u', '%c/#', 'a/%c', '%c/b', 'a/%u/+', '%u/%c', '+/%c', 'a/%c/#', '%c/%u/#'];
const malformedFilters = ['', 'a/#/b', 'a#', '+a', 'a/b+', '##', '%x', 'a/%x'];

const anyFilter = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...worldFilters) },
  { weight: 6, arbitrary: fc.constantFrom(...placeholderFilters) },
  { weight: 1, arbitrary: fc.constantFrom(...malformedFilters, '$SYS/#', '$SYS/+') },
);

const anySubject: fc.Arbitrary<Pick<Rule, 'subject' | 'value'>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ subject: 'everyone' as const, value: '*' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      subject: fc.constantFrom('clientid' as const, 'username' as const, 'label' as const),
      value: fc.constantFrom('*', 'a', 'b', '$s', ''),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      subject: fc.constant('ipaddr' as const),
      value: fc.constantFrom('*', ...Object.keys(oracleAddresses), '10.0.0.999'),
    }),
  },
);

const anyRule: fc.Arbitrary<Omit<Rule, 'id'>> = fc
  .record({
    who: anySubject,
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    access: fc.constantFrom('pub' as const, 'sub' as const, 'pubsub' as const),
    topics: fc.array(anyFilter, { minLength: 1, maxLength: 3 }),
    enabled: fc.constantFrom(true, true, true, true, true, true, false),
    mode: fc.constantFrom(...(['enforce', 'enforce', 'enforce', 'enforce', 'enforce', 'shadow'] as const)),
    validUntil: fc.constantFrom(
      null,
      null,
      null,
      '2029-12-31T23:59:59Z',
      '2030-01-01T00:00:00Z',
      '2031-01-01T00:00:00+01:00',
    ),
  })
  .map(({ who, ...rest }) => ({ ...who, ...rest, note: '' }));

function policiesOf(count: fc.ArrayConstraints): fc.Arbitrary<Policy> {
  return fc.record({
    rules: fc
      .array(anyRule, count)
      .map((rules) => rules.map((rule, index): Rule => ({ id: `r${index + 1}`, ...rule }))),
    settings: fc.record({
      noMatch: fc.constantFrom('deny' as const, 'deny' as const, 'allow' as const),
      wildcardOverlap: fc.constantFrom('exclude' as const, 'exclude' as const, 'reject' as const),
    }),
  });
}

/** Policies of all kinds of rules, malformed ones included, over the oracle's small world. */
export const anyPolicy = policiesOf({ maxLength: 14 });

/** The same, so long that the rules of one subject are looked up in a tree. */
export const anyLongPolicy = policiesOf({ minLength: 20, maxLength: 40, size: 'max' });

/** Clients whose ids and names live in the same world, honest and not. */
export const anyClient: fc.Arbitrary<ClientIdentity> = fc.record({
  clientId: fc.constantFrom('a', 'b', '$s', '#', '+', 'a/b'),
  username: fc.constantFrom(null, '', 'a', 'b', '$s', '#'),
  address: fc.constantFrom(null, '10.0.0.1', '::ffff:10.0.0.1', '10.9.9.9', 'fe80::1'),
  labels: fc.constantFrom(undefined, [], [''], ['a'], ['b', 'a', 'b'], ['$s', '']),
});

/** What a client brings along, if anything. */
export const anyOwnRules: fc.Arbitrary<OwnRules | null> = fc.option(
  fc.record({
    rules: fc
      .array(anyRule, { maxLength: 5 })
      .map((rules) => rules.map((rule, index): Rule => ({ id: `own-${index + 1}`, ...rule }))),
    place: fc.constantFrom('before' as const, 'after' as const),
  }),
);
