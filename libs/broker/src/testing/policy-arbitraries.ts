import { compilePolicy, type CompiledPolicy, type Policy, type Rule } from '@perch/policy';
import fc from 'fast-check';
import { aRule } from './new-broker.js';

/** Filters over the topics `a`, `a/b`, `a/c`, `b` and those named for a client. */
export const fewFilters = ['a', 'a/b', 'a/+', 'a/#', 'b', '+', '#', '+/b', 'a/c1', '$share/g/a/+', '$share/g/#'];
export const fewTopics = ['a', 'a/b', 'a/c', 'b', 'a/c1', 'a/c2'];

const anyRule = fc
  .record({
    who: fc.constantFrom<Pick<Rule, 'subject' | 'value'>>(
      { subject: 'everyone', value: '*' },
      { subject: 'everyone', value: '*' },
      { subject: 'clientid', value: 'c1' },
      { subject: 'username', value: 'u2' },
      { subject: 'username', value: '*' },
      { subject: 'label', value: 'press' },
      { subject: 'ipaddr', value: '127.0.0.0/8' },
    ),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    access: fc.constantFrom('pub' as const, 'sub' as const, 'pubsub' as const),
    topics: fc.array(fc.constantFrom('a', 'a/b', 'a/+', 'a/#', 'b', '+', '#', '+/b', 'a/%c', '%u/#'), {
      minLength: 1,
      maxLength: 2,
    }),
    enabled: fc.constantFrom(true, true, true, false),
    validUntil: fc.constantFrom(null, null, null, '2026-01-01T00:00:02Z', '2026-01-01T00:00:05Z'),
  })
  .map(({ who, ...rest }) => aRule({ ...who, ...rest }));

/** How an operator changes a policy. */
type Edit = (policy: Policy) => Policy;

const anyPlace = fc.nat(20);
const placeIn = (place: number, { length }: readonly Rule[]) => (length === 0 ? 0 : place % length);

let made = 0;
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(anyPlace, anyRule).map(([place, rule]): Edit => (policy) => {
    const at = place % (policy.rules.length + 1);
    return { ...policy, rules: policy.rules.toSpliced(at, 0, { ...rule, id: `r${++made}` }) };
  }),
  anyPlace.map((place): Edit => (policy) => ({
    ...policy,
    rules: policy.rules.toSpliced(placeIn(place, policy.rules), 1),
  })),
  fc.tuple(anyPlace, anyRule).map(([place, rule]): Edit => (policy) => {
    const at = placeIn(place, policy.rules);
    return { ...policy, rules: policy.rules.map((old, i) => (i === at ? { ...rule, id: old.id } : old)) };
  }),
  fc.tuple(anyPlace, anyPlace).map(([from, to]): Edit => ({ rules, ...policy }) => {
    const moved = rules.slice(placeIn(from, rules), placeIn(from, rules) + 1);
    return {
      ...policy,
      rules: rules.filter((rule) => !moved.includes(rule)).toSpliced(to % (rules.length + 1), 0, ...moved),
    };
  }),
  fc
    .constantFrom('allow' as const, 'deny' as const)
    .map((noMatch): Edit => (policy) => ({ ...policy, settings: { ...policy.settings, noMatch } })),
  fc
    .constantFrom('exclude' as const, 'reject' as const)
    .map((wildcardOverlap): Edit => (policy) => ({ ...policy, settings: { ...policy.settings, wildcardOverlap } })),
);

/** One save: mostly of one edit. */
export const anySave: fc.Arbitrary<Edit> = fc
  .array(anyEdit, { minLength: 1, maxLength: 3 })
  .map((edits) => (policy) => edits.reduce((edited, edit) => edit(edited), policy));

/** What allows everything: the policy that saves begin with. */
export function everythingAllowed(): CompiledPolicy {
  return compilePolicy({ rules: [], settings: { noMatch: 'allow', wildcardOverlap: 'exclude' } });
}
