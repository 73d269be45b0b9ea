import { queryOptions } from '@tanstack/react-query';
import { policyGetOptions, policyGetQueryKey } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { clientsList, policyReplace } from '../../shared/api/generated/sdk.gen.js';
import type { Client, PolicyChange } from '../../shared/api/generated/types.gen.js';
import type { PolicyContent } from './draft.js';

/** The rules that are live. Asked for again now and then, so that an editor learns of other operators' saves. */
export const livePolicy = () => queryOptions({ ...policyGetOptions(), refetchInterval: 15_000 });

/** The key of the live rules. */
export const livePolicyKey = () => policyGetQueryKey();

/** What is saved, on top of which revision, and why. */
export interface PolicySave {
  readonly content: PolicyContent;
  readonly revision: number;
  readonly message: string;
}

/** Makes the content the next revision; fails with 412 when another revision is live by now. */
export async function savePolicy({ content, revision, message }: PolicySave): Promise<PolicyChange> {
  const { rules, settings } = content;
  const { data } = await policyReplace({
    headers: { 'If-Match': `"${revision}"` },
    body: {
      rules: rules.map((rule) => ({ ...rule, topics: [...rule.topics] })),
      settings,
      ...(message === '' ? {} : { message }),
    },
  });
  return data;
}

const SUGGESTIONS = 10;

/** Clients whose id contains what was typed. */
export function clientSuggestions(typed: string) {
  return queryOptions({
    queryKey: ['rules', 'client-suggestions', typed],
    queryFn: async ({ signal }): Promise<Client[]> => {
      const { data } = await clientsList({ query: { q: typed || undefined, limit: SUGGESTIONS }, signal });
      return data.items;
    },
    staleTime: 10_000,
  });
}
