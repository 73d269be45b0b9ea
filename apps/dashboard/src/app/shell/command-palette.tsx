import { Spotlight, spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBan,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconSettings,
  IconUserPlus,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import '@mantine/spotlight/styles.layer.css';
import { reportError } from '../../shared/report-error.js';
import { usePermission, useSession } from '../../shared/session/session.js';
import { KickDialog } from '../../features/clients/kick-dialog.js';
import { useLiveFeed, useLiveState } from '../../shared/live/live-context.js';
import { navigationFor } from './navigation.js';
import { shellTexts } from './texts.js';
import { useToggleTheme } from './theme-toggle.js';
import { useClientActions } from './use-client-actions.js';
import { usePaletteObjects } from './use-palette-objects.js';
import { useSignOut } from './use-sign-out.js';

/** Everything one can go to or do from anywhere, found by typing. Loaded when it is first asked for. */
export function CommandPalette({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  useEffect(() => spotlight.open(), []);
  const [query, setQuery] = useState('');
  const [kicked, setKicked] = useState<string | null>(null);
  const actions = [
    useClientActions(query, setKicked),
    ...usePaletteObjects(query),
    usePageActions(),
    useBanActions(),
    useCommandActions(onShowShortcuts),
  ];
  return (
    <>
      <Spotlight
        actions={actions.filter((group) => group.actions.length > 0)}
        query={query}
        onQueryChange={setQuery}
        clearQueryOnClose
        nothingFound={shellTexts.nothingFound}
        shortcut={null}
        highlightQuery
        scrollable
        overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
        maxHeight={420}
        radius="lg"
        searchProps={{
          leftSection: <IconSearch size={18} aria-hidden />,
          placeholder: shellTexts.search,
          'aria-label': shellTexts.searchLabel,
        }}
      />
      {kicked !== null && <KickDialog clientId={kicked} opened onClose={() => setKicked(null)} />}
    </>
  );
}

function usePageActions(): SpotlightActionGroupData {
  const router = useRouter();
  const pages = navigationFor(useSession()?.permissions ?? []).flatMap((group) => group.items);
  return {
    group: shellTexts.pages,
    actions: pages.map(({ to, label, icon: Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={18} stroke={1.7} aria-hidden />,
      onClick: () => {
        router.navigate({ to }).catch(reportError);
      },
    })),
  };
}

function useBanActions(): SpotlightActionGroupData {
  const router = useRouter();
  const mayBan = usePermission('clients:write');
  const kinds = mayBan ? (['clientid', 'username', 'ipaddr'] as const) : [];
  return {
    group: shellTexts.groups.access,
    actions: kinds.map((kind) => ({
      id: `ban-${kind}`,
      label: shellTexts.ban[kind],
      leftSection: <IconBan size={18} stroke={1.7} aria-hidden />,
      onClick: () => {
        router.navigate({ to: '/access/bans', search: { new: kind } }).catch(reportError);
      },
    })),
  };
}

function useCommandActions(onShowShortcuts: () => void): SpotlightActionGroupData {
  const router = useRouter();
  const toggleTheme = useToggleTheme();
  const signOut = useSignOut();
  const toPreferences = () => {
    router.navigate({ to: '/account' }).catch(reportError);
  };
  const icon = { size: 18, stroke: 1.7, 'aria-hidden': true } as const;
  const feed = useLiveFeed();
  const isPaused = useLiveState().status === 'paused';
  const mayCreate = usePermission('users:write');
  const createUser = {
    id: 'create-user',
    label: shellTexts.palette.createUser,
    leftSection: <IconUserPlus {...icon} />,
    onClick: () => {
      router.navigate({ to: '/access/users', search: { new: 'user' } }).catch(reportError);
    },
  };
  return {
    group: shellTexts.actions,
    actions: [
      ...(mayCreate ? [createUser] : []),
      {
        id: 'live',
        label: isPaused ? shellTexts.palette.resume : shellTexts.palette.pause,
        leftSection: isPaused ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />,
        onClick: isPaused ? feed.resume : feed.pause,
      },
      { id: 'theme', label: shellTexts.toggleTheme, leftSection: <IconMoon {...icon} />, onClick: toggleTheme },
      {
        id: 'preferences',
        label: shellTexts.preferences,
        leftSection: <IconSettings {...icon} />,
        onClick: toPreferences,
      },
      {
        id: 'shortcuts',
        label: shellTexts.shortcuts,
        leftSection: <IconKeyboard {...icon} />,
        onClick: onShowShortcuts,
      },
      { id: 'sign-out', label: shellTexts.signOut, leftSection: <IconLogout {...icon} />, onClick: signOut },
    ],
  };
}
