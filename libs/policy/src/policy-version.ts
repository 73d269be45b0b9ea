import type { PolicyTest } from './policy-test.js';
import type { Policy } from './rule.js';

/** What one revision of the policy holds, or a draft of the next one. Left out: no access tests. */
export interface PolicyVersion extends Policy {
  readonly tests?: readonly PolicyTest[];
}

/** Whether both tests ask and expect the same. Labels are a set. */
export function isSameTest(a: PolicyTest | null, b: PolicyTest | null): boolean {
  return a === b || (a !== null && b !== null && textOf(a) === textOf(b));
}

function textOf({ id, client, action, topic, expect, note }: PolicyTest): string {
  const labels = [...(client.labels ?? [])].sort();
  return JSON.stringify([id, client.clientId, client.username, client.address, labels, action, topic, expect, note]);
}
