import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { clientSet, flappingClients } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.flapping;

/** What presence events do not carry: it is fetched beside the rows, and only of those it is true of. */
const Known = createContext<{ readonly flaps: ReadonlyMap<string, number>; readonly banned: ReadonlySet<string> }>({
  flaps: new Map(),
  banned: new Set(),
});

/** Knows who flaps and who is banned, for the badges inside. */
export function FlappingProvider({ children }: { children: ReactNode }) {
  const { data: flapping } = useQuery(flappingClients());
  const { data: banned } = useQuery(clientSet({ banned: true }));
  const known = useMemo(
    () => ({
      flaps: new Map(flapping?.map((client) => [client.clientId, client.flaps ?? 0])),
      banned: banned ?? new Set<string>(),
    }),
    [flapping, banned],
  );
  return <Known value={known}>{children}</Known>;
}

/** Marks a row whose client flaps. */
export function FlappingBadge({ clientId }: { clientId: string }) {
  const flaps = useContext(Known).flaps.get(clientId);
  return flaps === undefined ? null : <FlappingMark flaps={flaps} />;
}

/** Marks a row whose client a ban keeps out. */
export function BannedBadge({ clientId }: { clientId: string }) {
  return useContext(Known).banned.has(clientId) ? <BannedMark /> : null;
}

/** Says that a ban keeps a client out. */
export function BannedMark() {
  return (
    <Badge size="sm" variant="light" color="danger" flex="none" leftSection={<span aria-hidden>⛔</span>}>
      {clientsTexts.banned}
    </Badge>
  );
}

/** Says that a client flaps, and on hover how often it went. */
export function FlappingMark({ flaps }: { flaps: number }) {
  return (
    <Badge
      size="sm"
      variant="light"
      color="warning"
      flex="none"
      leftSection={<span aria-hidden>↯</span>}
      title={texts.title(flaps)}
    >
      {texts.badge}
    </Badge>
  );
}
