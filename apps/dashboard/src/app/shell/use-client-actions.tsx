import { useDebouncedValue } from '@mantine/hooks';
import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { IconActivity, IconBan, IconCopy, IconPlugConnectedX, IconTestPipe } from '@tabler/icons-react';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { shellTexts } from './texts.js';
import { termOf, useClients } from './use-palette-objects.js';
import { useCopy } from '../../shared/ui/use-copy.js';
import { visibleText } from '../../shared/ui/visible-text.js';

const texts = shellTexts.palette;
const pauseMs = 150;
const icon = { size: 18, stroke: 1.7, 'aria-hidden': true } as const;

/** What can be done with the client that is open, or that the query finds first. */
export function useClientActions(query: string, onKick: (clientId: string) => void): SpotlightActionGroupData {
  const router = useRouter();
  const { copy } = useCopy();
  const mayWrite = usePermission('clients:write');
  const mayTail = usePermission('messages:read');
  const mayTest = usePermission('policy:read');
  const [term] = useDebouncedValue(termOf(query), pauseMs);
  const open = useRouterState({ select: ({ location }) => (location.search as { c?: string }).c });
  const clientId = useClients(term)[0] ?? open;
  if (clientId === undefined) return { group: texts.client, actions: [] };
  const shown = visibleText(clientId);
  const banned = { new: 'clientid', value: clientId } as const;
  // As a live one, so that what it brought along counts.
  const question = { tab: 'test', client: clientId, live: '1' } as const;
  const changing = [
    {
      id: 'kick-client',
      label: texts.kick(shown),
      leftSection: <IconPlugConnectedX {...icon} />,
      onClick: () => onKick(clientId),
    },
    {
      id: 'ban-client',
      label: texts.ban(shown),
      leftSection: <IconBan {...icon} />,
      onClick: () => {
        router.navigate({ to: '/access/bans', search: banned }).catch(reportError);
      },
    },
  ];
  const reading = [
    {
      id: 'test-access',
      label: texts.testAccess(shown),
      leftSection: <IconTestPipe {...icon} />,
      isAllowed: mayTest,
      onClick: () => {
        router.navigate({ to: '/access/rules', search: question }).catch(reportError);
      },
    },
    {
      id: 'tail-client',
      label: texts.tail(shown),
      leftSection: <IconActivity {...icon} />,
      isAllowed: mayTail,
      onClick: () => {
        router.navigate({ to: '/topics', search: { tab: 'tail', client: clientId } }).catch(reportError);
      },
    },
    {
      id: 'copy-id',
      label: texts.copy(shown),
      leftSection: <IconCopy {...icon} />,
      isAllowed: true,
      onClick: () => copy(clientId),
    },
  ];
  const allowed = reading.flatMap(({ isAllowed, ...action }) => (isAllowed ? [action] : []));
  // Whatever verb was typed, the words of an action are what is compared.
  const keywords = query.trim() === term ? query : '';
  return {
    group: texts.client,
    actions: [...(mayWrite ? changing : []), ...allowed].map((action) => ({ ...action, keywords })),
  };
}
