import type { ClientIdentity, OwnRules } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { liveClient } from '../queries.js';
import { useRulesSearch } from '../use-rules-search.js';
import { identityIn } from './identity-search.js';

/** Of whom the address speaks. Of one that is known, what it leaves out is filled in, and what it brought along counts. */
export function useSearchedClient(): { readonly identity: ClientIdentity; readonly own: OwnRules | null } {
  const [{ client = '', username, address, labels, live }] = useRulesSearch();
  const { data } = useQuery({ ...liveClient(client), enabled: live !== undefined && client !== '' });
  const known = live === undefined ? undefined : data;
  const own = known?.session?.own ?? null;
  const identity = useMemo(
    () =>
      identityIn({
        client,
        username: username ?? known?.username ?? undefined,
        address: address ?? known?.address ?? undefined,
        labels: labels ?? known?.session?.labels.join(','),
      }),
    [client, username, address, labels, known],
  );
  return useMemo(() => ({ identity, own }), [identity, own]);
}
