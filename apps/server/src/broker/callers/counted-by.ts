import { type Caller, userKey } from '@perch/broker';
import { networkOf } from '@perch/policy';

/** What a caller's bounds are counted by, whichever client id it names: its user; where it has none, its network. */
export function countedBy({ admitted: who }: Caller): string {
  return userKey(who) ?? `\n${networkOf(who.identity.address ?? '')}`;
}
