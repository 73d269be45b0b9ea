import { type CompiledPolicy, type Grants, type Rule, compilePolicy } from '@perch/policy';
import type { Role } from '../http/permission.js';

/** What an operator's own connection may do: a viewer reads `$SYS`, the others read and write everything else too. */
export function operatorGrants(role: Role, name: string, address: string | null): Grants {
  const identity = { clientId: operatorClientId(name), username: null, address };
  return policies[role].grantsFor(identity, Date.now());
}

/** The client id under which an operator publishes. */
export function operatorClientId(name: string): string {
  return `$operator/${name}`;
}

const statistics = rule('operator-statistics', 'sub', ['$SYS/#']);
const everything = rule('operator-everything', 'pubsub', ['#']);
const policies: Record<Role, CompiledPolicy> = {
  viewer: policyOf([statistics]),
  operator: policyOf([statistics, everything]),
  admin: policyOf([statistics, everything]),
};

function policyOf(rules: readonly Rule[]): CompiledPolicy {
  return compilePolicy({ rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } });
}

function rule(id: string, access: Rule['access'], topics: readonly string[]): Rule {
  return {
    id,
    effect: 'allow',
    subject: 'everyone',
    value: '*',
    access,
    topics,
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
  };
}
