import { Spotlight, spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconBan, IconKeyboard, IconLogout, IconMoon, IconSearch, IconSettings } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import '@mantine/spotlight/styles.layer.css';
import { reportError } from '../../shared/report-error.js';
import { usePermission, useSession } from '../../shared/session/session.js';
import { navigationFor } from './navigation.js';
import { shellTexts } from './texts.js';
import { useToggleTheme } from './theme-toggle.js';
import { useSignOut } from './use-sign-out.js';

/** Everything one can go to or do from anywhere, found by typing. Loaded when it is first asked for. */
export function CommandPalette({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  useEffect(() => spotlight.open(), []);
  const actions = [usePageActions(), useBanActions(), useCommandActions(onShowShortcuts)];
  return (
    <Spotlight
      actions={actions}
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
  return {
    group: shellTexts.actions,
    actions: [
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
