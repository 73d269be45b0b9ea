import type { Loss } from '@perch/broker';
import { lossesShown, type PolicyLosses } from './policy.schemas.js';

/** What live sessions lost, counted, and the first of it told. */
export function lossesDoc(losses: readonly Loss[]): PolicyLosses {
  const count = (kind: Loss['kind']) => losses.filter((loss) => loss.kind === kind).length;
  return {
    total: losses.length,
    clients: new Set(losses.map(({ clientId }) => clientId)).size,
    subscriptions: count('subscription'),
    narrowed: count('narrowed'),
    wills: count('will'),
    items: losses.slice(0, lossesShown),
  };
}
