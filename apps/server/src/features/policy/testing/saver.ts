import type { ApiAnswer, ApiClient, TestApi } from '../../../http/testing/api-client.js';
import type { PolicyChange, PolicyDoc } from '../policy.schemas.js';
import type { RuleInput } from '../rule.schemas.js';

/** Reads and saves the policy of a running server. */
export interface Saver {
  live(): Promise<PolicyDoc>;
  /** Saves on top of the live revision, as `operator` unless another client is given. */
  save(rules: readonly object[], fields?: object, by?: ApiClient): Promise<ApiAnswer<PolicyChange>>;
}

export function saver({ operator, viewer }: TestApi): Saver {
  const live = async () => (await viewer.get<PolicyDoc>('/policy')).body;
  return {
    live,
    save: async (rules, fields = {}, by = operator) =>
      by.put<PolicyChange>('/policy', { rules, ...fields }, ifMatch((await live()).revision)),
  };
}

/** The header that names the revision that was changed. */
export function ifMatch(revision: number): Record<string, string> {
  return { 'if-match': `"${revision}"` };
}

/** A rule that allows everybody `a`. */
export function aRule(fields: Partial<RuleInput> = {}): RuleInput {
  return { ...anyone, topics: ['a'], ...fields } as RuleInput;
}

const anyone = { effect: 'allow', subject: 'everyone', access: 'pubsub' };
