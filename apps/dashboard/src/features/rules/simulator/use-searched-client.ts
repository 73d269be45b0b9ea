import type { ClientIdentity, OwnRules } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { liveClient } from '../queries.js';
import { useRulesSearch } from '../use-rules-search.js';
import { identityIn } from './identity-search.js';

/** Of whom the address speaks, and what that client has brought along if it was picked from those that are known. */
export function useSearchedClient(): { readonly identity: ClientIdentity; readonly own: OwnRules | null } {
  const [{ client = '', username, address, labels, live }] = useRulesSearch();
  const { data } = useQuery({ ...liveClient(client), enabled: live !== undefined && client !== '' });
  const own = (live && data?.session?.own) ?? null;
  return useMemo(
    () => ({ identity: identityIn({ client, username, address, labels }), own }),
    [client, username, address, labels, own],
  );
}
