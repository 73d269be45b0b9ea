import { type CompiledPolicy, type Grants, type Rule, compilePolicy } from '@perch/policy';

/** What an operator's own connection may do: read `$SYS`. Other messages are shown by tails and published over HTTP, audited. */
export function liveFeedGrants(name: string, address: string | null): Grants {
  return statistics.grantsFor(identityOf(name, address), Date.now());
}

/** What an operator may publish: everything but what the broker itself says. */
export function operatorGrants(name: string, address: string | null): Grants {
  return everything.grantsFor(identityOf(name, address), Date.now());
}

/** What an operator who may read messages is sent of them: all, `$SYS` among it. */
export function readerGrants(name: string, address: string | null): Grants {
  return readable.grantsFor(identityOf(name, address), Date.now());
}

/** The client id under which an operator publishes. */
export function operatorClientId(name: string): string {
  return `$operator/${name}`;
}

const statistics = policyOf([rule('operator-statistics', 'sub', ['$SYS/#'])]);
const readable = policyOf([rule('operator-readable', 'sub', ['#', '$SYS/#'])]);
const everything = policyOf([rule('operator-everything', 'pub', ['#'])]);

function identityOf(name: string, address: string | null) {
  return { clientId: operatorClientId(name), username: null, address };
}

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
