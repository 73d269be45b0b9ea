import {
  IconArchive,
  IconBan,
  IconChartLine,
  IconDatabase,
  IconDevices,
  IconHierarchy2,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconPlugConnected,
  type IconProps,
  IconSettings,
  IconServer2,
  IconShieldX,
  IconShieldLock,
  IconUserCog,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Permission } from '../../shared/session/session.js';
import { shellTexts } from './texts.js';

/** One page in the side bar and the palette. */
export interface NavigationItem {
  readonly to:
    | '/'
    | '/clients'
    | '/topics'
    | '/retained'
    | '/metrics'
    | '/services'
    | '/access/rules'
    | '/access/users'
    | '/access/bans'
    | '/access/denied'
    | '/tools/client'
    | '/audit'
    | '/settings'
    | '/settings/authentication'
    | '/settings/bridges'
    | '/settings/operators'
    | '/settings/api-keys'
    | '/settings/backup';
  readonly label: string;
  readonly icon: ComponentType<IconProps>;
  /** The key after `g` that goes there. */
  readonly key: string;
  readonly permission: Permission;
}

interface NavigationGroup {
  readonly label: string;
  readonly items: readonly NavigationItem[];
}

/** The pages that exist, in the order of the side bar. */
export const navigation: readonly NavigationGroup[] = [
  {
    label: shellTexts.groups.monitor,
    items: [
      { to: '/', label: 'Overview', icon: IconLayoutDashboard, key: 'o', permission: 'stats:read' },
      { to: '/clients', label: 'Clients', icon: IconDevices, key: 'c', permission: 'clients:read' },
      { to: '/topics', label: 'Topics', icon: IconHierarchy2, key: 't', permission: 'retained:read' },
      { to: '/retained', label: 'Retained', icon: IconDatabase, key: 'e', permission: 'retained:read' },
      { to: '/metrics', label: 'Metrics', icon: IconChartLine, key: 'm', permission: 'stats:read' },
      { to: '/services', label: 'Registry', icon: IconServer2, key: 'y', permission: 'clients:read' },
    ],
  },
  {
    label: shellTexts.groups.access,
    items: [
      { to: '/access/rules', label: 'Rules', icon: IconListDetails, key: 'r', permission: 'policy:read' },
      { to: '/access/users', label: 'Users', icon: IconUsers, key: 'u', permission: 'users:read' },
      { to: '/access/bans', label: 'Bans', icon: IconBan, key: 'b', permission: 'clients:read' },
      { to: '/access/denied', label: 'Denied', icon: IconShieldX, key: 'd', permission: 'policy:read' },
    ],
  },
  {
    label: shellTexts.groups.tools,
    items: [{ to: '/tools/client', label: 'Test client', icon: IconPlugConnected, key: 'x', permission: 'stats:read' }],
  },
  {
    label: shellTexts.groups.system,
    items: [
      { to: '/audit', label: 'Audit', icon: IconHistory, key: 'a', permission: 'audit:read' },
      { to: '/settings', label: 'Settings', icon: IconSettings, key: 's', permission: 'settings:read' },
      {
        to: '/settings/authentication',
        label: 'Authentication',
        icon: IconShieldLock,
        key: 'i',
        permission: 'settings:read',
      },
      { to: '/settings/bridges', label: 'Bridges', icon: IconWebhook, key: 'h', permission: 'settings:read' },
      { to: '/settings/operators', label: 'Operators', icon: IconUserCog, key: 'p', permission: 'operators:read' },
      { to: '/settings/api-keys', label: 'API keys', icon: IconKey, key: 'k', permission: 'api-keys:read' },
      { to: '/settings/backup', label: 'Backup', icon: IconArchive, key: 'w', permission: 'backup:read' },
    ],
  },
];

/** The pages that a set of permissions can open, groups without any left out. */
export function navigationFor(permissions: readonly string[]): readonly NavigationGroup[] {
  return navigation
    .map((group) => ({ ...group, items: group.items.filter((item) => permissions.includes(item.permission)) }))
    .filter((group) => group.items.length > 0);
}
