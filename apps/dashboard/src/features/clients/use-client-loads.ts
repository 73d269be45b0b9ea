import { skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type KnownLoads, nextLoads } from './client-load.js';
import { clientLoads } from './queries.js';

const none: KnownLoads = new Map();

/** What these clients have on their hands, asked for as long as somebody looks; null for whom nobody asks. */
export function useClientLoads(clientIds: readonly string[] | null): KnownLoads {
  const [known, setKnown] = useState(none);
  const options = clientLoads(clientIds ?? []);
  const { data } = useQuery(
    clientIds === null || clientIds.length === 0 ? { ...options, queryFn: skipToken } : options,
  );
  useEffect(() => {
    if (data !== undefined) setKnown((before) => nextLoads(before, data));
  }, [data]);
  return known;
}
