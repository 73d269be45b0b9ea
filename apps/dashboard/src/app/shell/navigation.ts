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

const names = shellTexts.pageNames;

/** The pages that exist, in the order of the side bar. */
export const navigation: readonly NavigationGroup[] = [
  {
    label: shellTexts.groups.monitor,
    items: [
      { to: '/', label: names.overview, icon: IconLayoutDashboard, key: 'o', permission: 'stats:read' },
      { to: '/clients', label: names.clients, icon: IconDevices, key: 'c', permission: 'clients:read' },
      { to: '/topics', label: names.topics, icon: IconHierarchy2, key: 't', permission: 'retained:read' },
      { to: '/retained', label: names.retained, icon: IconDatabase, key: 'e', permission: 'retained:read' },
      { to: '/metrics', label: names.metrics, icon: IconChartLine, key: 'm', permission: 'stats:read' },
      { to: '/services', label: names.registry, icon: IconServer2, key: 'y', permission: 'clients:read' },
    ],
  },
  {
    label: shellTexts.groups.access,
    items: [
      { to: '/access/rules', label: names.rules, icon: IconListDetails, key: 'r', permission: 'policy:read' },
      { to: '/access/users', label: names.users, icon: IconUsers, key: 'u', permission: 'users:read' },
      { to: '/access/bans', label: names.bans, icon: IconBan, key: 'b', permission: 'clients:read' },
      { to: '/access/denied', label: names.denied, icon: IconShieldX, key: 'd', permission: 'policy:read' },
    ],
  },
  {
    label: shellTexts.groups.tools,
    items: [
      { to: '/tools/client', label: names.testClient, icon: IconPlugConnected, key: 'x', permission: 'stats:read' },
    ],
  },
  {
    label: shellTexts.groups.system,
    items: [
      { to: '/audit', label: names.audit, icon: IconHistory, key: 'a', permission: 'audit:read' },
      { to: '/settings', label: names.settings, icon: IconSettings, key: 's', permission: 'settings:read' },
      {
        to: '/settings/authentication',
        label: names.authentication,
        icon: IconShieldLock,
        key: 'i',
        permission: 'settings:read',
      },
      { to: '/settings/bridges', label: names.bridges, icon: IconWebhook, key: 'h', permission: 'settings:read' },
      { to: '/settings/operators', label: names.operators, icon: IconUserCog, key: 'p', permission: 'operators:read' },
      { to: '/settings/api-keys', label: names.apiKeys, icon: IconKey, key: 'k', permission: 'api-keys:read' },
      { to: '/settings/backup', label: names.backup, icon: IconArchive, key: 'w', permission: 'backup:read' },
    ],
  },
];

/** The pages that a set of permissions can open, groups without any left out. */
export function navigationFor(permissions: readonly string[]): readonly NavigationGroup[] {
  return navigation
    .map((group) => ({ ...group, items: group.items.filter((item) => permissions.includes(item.permission)) }))
    .filter((group) => group.items.length > 0);
}
