import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.js';
import { authMeOptions } from '../api/generated/@tanstack/react-query.gen.js';
import { asksSignIn } from '../api/query-client.js';
import type { Me } from '../api/generated/types.gen.js';

/** What a role may be allowed to do; the server decides, the dashboard only hides what would be refused. */
export type Permission =
  | 'clients:read'
  | 'clients:write'
  | 'users:read'
  | 'users:write'
  | 'policy:read'
  | 'policy:write'
  | 'policy:override'
  | 'retained:read'
  | 'messages:read'
  | 'messages:write'
  | 'audit:read'
  | 'stats:read'
  | 'operators:read'
  | 'operators:write'
  | 'api-keys:read'
  | 'api-keys:write'
  | 'settings:read'
  | 'settings:write'
  | 'backup:read'
  | 'backup:write';

/** The operator who is signed in; fails with 401 when nobody is. */
export const sessionQuery = () => queryOptions({ ...authMeOptions(), staleTime: 60_000, meta: asksSignIn });

/** The operator who is signed in; undefined for a moment at most, because the shell waits for it. */
export function useSession(): Me | undefined {
  return useQuery(sessionQuery()).data;
}

/** Whether the signed-in operator's role holds a permission. */
export function usePermission(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false;
}

/** Whether an error means that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
