import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { flappingClients } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.flapping;

/** Flaps by client id. Presence events do not carry them: they are fetched beside the rows, and only of who flaps. */
const Flaps = createContext<ReadonlyMap<string, number>>(new Map());

/** Knows who flaps, for the badges inside. */
export function FlappingProvider({ children }: { children: ReactNode }) {
  const { data } = useQuery(flappingClients());
  const flaps = useMemo(() => new Map(data?.map((client) => [client.clientId, client.flaps ?? 0])), [data]);
  return <Flaps value={flaps}>{children}</Flaps>;
}

/** Marks a row whose client flaps. */
export function FlappingBadge({ clientId }: { clientId: string }) {
  const flaps = useContext(Flaps).get(clientId);
  return flaps === undefined ? null : <FlappingMark flaps={flaps} />;
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
