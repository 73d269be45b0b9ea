import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, toApiError } from '../api/api-error.js';

/** What a role may be allowed to do; the server decides, the dashboard only hides what would be refused. */
export type Permission =
  | 'clients:read'
  | 'clients:write'
  | 'users:read'
  | 'users:write'
  | 'policy:read'
  | 'policy:write'
  | 'retained:read'
  | 'messages:read'
  | 'messages:write'
  | 'audit:read'
  | 'stats:read'
  | 'operators:read'
  | 'operators:write'
  | 'settings:write';

/** Who is signed in. */
export interface SignedInOperator {
  readonly id: string;
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly permissions: readonly string[];
}

async function fetchSession(): Promise<SignedInOperator> {
  const response = await fetch('/api/v1/auth/me').catch(() => undefined);
  const body: unknown = await response?.json().catch(() => null);
  if (!response?.ok) throw toApiError(body, response);
  return body as SignedInOperator;
}

/** The operator who is signed in; fails with 401 when nobody is. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: fetchSession, staleTime: 60_000 });

/** The operator who is signed in; undefined for a moment at most, because the shell waits for it. */
export function useSession(): SignedInOperator | undefined {
  return useQuery(sessionQuery).data;
}

/** Whether the signed-in operator's role holds a permission. */
export function usePermission(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false;
}

/** Whether an error means that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
