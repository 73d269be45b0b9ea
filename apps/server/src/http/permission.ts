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

/** What each role may do, where nothing is set otherwise. Every route names one of these, or the word public. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin };

/** Who is signed in, as far as it decides what they may do. */
export interface Holder {
  readonly kind: 'operator' | 'api-key';
  readonly operator: { readonly role: Role };
  /** They may read what messages hold: a setting says who may. */
  readonly readsPayloads: boolean;
}

/** What whoever is signed in may do. A key has no account of its own: no password, no sessions. */
export function permissionsFor({ kind, operator, readsPayloads }: Holder): readonly Permission[] {
  const settled = kind === 'api-key' ? ['messages:read', 'account:own'] : ['messages:read'];
  const others = permissionsOf[operator.role].filter((permission) => !settled.includes(permission));
  return readsPayloads ? [...others, 'messages:read'] : others;
}

/** Whether this role is the least that may, or a greater one. */
export function reaches(role: Role, least: Role | 'nobody'): boolean {
  return least !== 'nobody' && roles.indexOf(role) >= roles.indexOf(least);
}
