/** What a person may hold in Perch. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

const viewer = [
  'account:read',
  'account:own',
  'clients:read',
  'users:read',
  'policy:read',
  'retained:read',
  'audit:read',
  'stats:read',
  'settings:read',
] as const;
const operator = [
  ...viewer,
  'users:write',
  'policy:write',
  'clients:write',
  'messages:read',
  'messages:write',
] as const;
const admin = [
  ...operator,
  'operators:read',
  'operators:write',
  'api-keys:read',
  'api-keys:write',
  'policy:override',
  'settings:write',
  'backup:read',
  'backup:write',
] as const;

export type Permission = (typeof admin)[number];

/** What each role may do. Every route names one of these, or the word public. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin };

/** What whoever is signed in may do. A key has no account of its own: no password, no sessions. */
export function permissionsFor(signedIn: { readonly kind: string; readonly operator: { readonly role: Role } }) {
  const all = permissionsOf[signedIn.operator.role];
  return signedIn.kind === 'api-key' ? all.filter((permission) => permission !== 'account:own') : all;
}
