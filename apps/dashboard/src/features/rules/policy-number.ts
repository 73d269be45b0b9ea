import type { Policy } from '@perch/policy';

const numbers = new WeakMap<Policy, number>();
let count = 0;

/** A short name of these rules in the cache: thousands of them would be a long one. */
export function policyNumber(policy: Policy): number {
  const known = numbers.get(policy);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(policy, count);
  return count;
}
