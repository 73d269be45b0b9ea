import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { auditSearch } from '../features/audit/search.js';
import { loginSearch } from '../features/auth/search.js';
import { registrySearch } from '../features/registry/search.js';
import { bansSearch } from '../features/bans/search.js';
import { clientsSearch } from '../features/clients/search.js';
import { deniedSearch } from '../features/denied/search.js';
import { metricsSearch } from '../features/metrics/search.js';
import { overviewSearch } from '../features/overview/search.js';
import { retainedSearch } from '../features/retained/search.js';
import { rulesSearch } from '../features/rules/search.js';
import { settingsSearch } from '../features/server-settings/search.js';
import { setupSearch } from '../features/setup/search.js';
import { testClientSearch } from '../features/test-client/search.js';
import { topicsSearch } from '../features/topics/search.js';
import { usersSearch } from '../features/users/search.js';
import { parseSearch, stringifySearch } from '../shared/search/search.js';
import { isSignedOut, sessionQuery } from '../shared/session/session.js';
import { PageError, PageNotFound, RootError } from './shell/page-outlet.js';

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: RootError,
  notFoundComponent: PageNotFound,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: setupSearch,
  component: lazyRouteComponent(() => import('../features/setup/setup-page.js'), 'SetupPage'),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import('../features/auth/login-page.js'), 'LoginPage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/join/join-page.js'), 'JoinPage'),
});

/** Everything below needs somebody who is signed in; others are sent to log in and come back. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery());
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      const to = location.href === '/' ? undefined : location.href;
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a redirect is how the router is told
      throw redirect({ to: '/login', search: { to } });
    }
  },
  component: lazyRouteComponent(() => import('./shell/shell.js'), 'Shell'),
});

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  staticData: { permission: 'stats:read' },
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./overview-with-setup.js'), 'OverviewWithSetup'),
});

const clientsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/clients',
  staticData: { permission: 'clients:read' },
  validateSearch: clientsSearch,
  component: lazyRouteComponent(() => import('./clients-with-denied.js'), 'ClientsWithDenied'),
});

const retainedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/retained',
  staticData: { permission: 'retained:read' },
  validateSearch: retainedSearch,
  component: lazyRouteComponent(() => import('../features/retained/retained-page.js'), 'RetainedPage'),
});

const metricsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/metrics',
  staticData: { permission: 'stats:read' },
  validateSearch: metricsSearch,
  component: lazyRouteComponent(() => import('./metrics-with-slow.js'), 'MetricsWithSlow'),
});

const topicsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/topics',
  staticData: { permission: 'retained:read' },
  validateSearch: topicsSearch,
  component: lazyRouteComponent(() => import('./topics-with-access.js'), 'TopicsWithAccess'),
});

const rulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/rules',
  staticData: { permission: 'policy:read' },
  validateSearch: rulesSearch,
  component: lazyRouteComponent(() => import('../features/rules/rules-page.js'), 'RulesPage'),
});

const usersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/users',
  staticData: { permission: 'users:read' },
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('../features/users/users-page.js'), 'UsersPage'),
});

const registryRoute = createRoute({
  getParentRoute: () => shellRoute,
  // `/registry` itself is where services register.
  path: '/services',
  staticData: { permission: 'clients:read' },
  validateSearch: registrySearch,
  component: lazyRouteComponent(() => import('../features/registry/registry-page.js'), 'RegistryPage'),
});

const bansRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/bans',
  staticData: { permission: 'clients:read' },
  validateSearch: bansSearch,
  component: lazyRouteComponent(() => import('../features/bans/bans-page.js'), 'BansPage'),
});

const deniedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/denied',
  staticData: { permission: 'policy:read' },
  validateSearch: deniedSearch,
  component: lazyRouteComponent(() => import('../features/denied/denied-page.js'), 'DeniedPage'),
});

const testClientRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tools/client',
  staticData: { permission: 'stats:read' },
  validateSearch: testClientSearch,
  component: lazyRouteComponent(() => import('../features/test-client/test-client-page.js'), 'TestClientPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  staticData: { permission: 'audit:read' },
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.js'), 'AuditPage'),
});

const operatorsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/operators',
  staticData: { permission: 'operators:read' },
  component: lazyRouteComponent(() => import('../features/operators/operators-page.js'), 'OperatorsPage'),
});

const apiKeysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/api-keys',
  staticData: { permission: 'api-keys:read' },
  component: lazyRouteComponent(() => import('../features/api-keys/api-keys-page.js'), 'ApiKeysPage'),
});

const bridgesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/bridges',
  staticData: { permission: 'settings:read' },
  component: lazyRouteComponent(() => import('../features/bridges/bridges-page.js'), 'BridgesPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  staticData: { permission: 'settings:read' },
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('../features/server-settings/settings-page.js'), 'SettingsPage'),
});

const authenticationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/authentication',
  staticData: { permission: 'settings:read' },
  component: lazyRouteComponent(() => import('../features/settings/authentication-page.js'), 'AuthenticationPage'),
});

const backupRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/backup',
  staticData: { permission: 'backup:read' },
  component: lazyRouteComponent(() => import('../features/backup/backup-page.js'), 'BackupPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/account/account-page.js'), 'AccountPage'),
});

const routeTree = rootRoute.addChildren([
  setupRoute,
  loginRoute,
  joinRoute,
  shellRoute.addChildren([
    overviewRoute,
    clientsRoute,
    topicsRoute,
    retainedRoute,
    metricsRoute,
    rulesRoute,
    usersRoute,
    bansRoute,
    registryRoute,
    deniedRoute,
    testClientRoute,
    auditRoute,
    operatorsRoute,
    apiKeysRoute,
    settingsRoute,
    authenticationRoute,
    bridgesRoute,
    backupRoute,
    accountRoute,
  ]),
]);

/** The router over the whole dashboard. The address holds what a page shows; pages read it, links change it. */
export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    history,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: PageNotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
