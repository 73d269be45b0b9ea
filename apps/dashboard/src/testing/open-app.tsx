import { notifications } from '@mantine/notifications';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { Providers } from '../app/providers.js';
import { createAppRouter } from '../app/router.js';
import type { Me } from '../shared/api/generated/types.gen.js';
import { createQueryClient } from '../shared/api/query-client.js';
import { ApiServer, type Answers, problem } from './api-server.js';
import { whenTestEnds } from './cleanups.js';

const readPermissions = ['clients:read', 'users:read', 'policy:read', 'retained:read', 'audit:read', 'stats:read'];
const adminPermissions = [
  ...readPermissions,
  'users:write',
  'policy:write',
  'operators:read',
  'operators:write',
  'api-keys:read',
  'api-keys:write',
];

/** Somebody signed in as an admin. */
export const anAdmin: Me = {
  id: 'o1',
  name: 'ana',
  role: 'admin',
  disabled: false,
  secondFactor: false,
  createdAt: '2026-01-01T00:00:00Z',
  lastLoginAt: null,
  kind: 'operator',
  permissions: adminPermissions,
  secondsLeft: 43_200,
  mayStay: true,
};

/** Somebody signed in as a viewer. */
export const aViewer: Me = { ...anAdmin, name: 'vera', role: 'viewer', permissions: readPermissions };

/** Opens an address of the dashboard against a real HTTP server, signed in as `operator` unless that is null. */
export async function openApp(address: string, answers: Answers, operator: Me | null = anAdmin) {
  const me = operator ? { body: operator } : problem(401, 'sign-in-required', 'Sign in first');
  const api = await ApiServer.start({
    'GET /api/v1/auth/me': me,
    'GET /api/v1/setup': { body: { needed: false } },
    ...answers,
  });
  const queryClient = createQueryClient(() => undefined);
  const history = createMemoryHistory({ initialEntries: [address] });
  const view = render(
    <Providers queryClient={queryClient} env="test">
      <RouterProvider router={createAppRouter(queryClient, history)} />
    </Providers>,
  );
  const close = () => {
    view.unmount();
    notifications.clean();
    queryClient.clear();
    api.stop();
  };
  whenTestEnds(close);
  return { api, history, close };
}
