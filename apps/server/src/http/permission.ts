/** What a person may hold in Perch. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

const viewer = [
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
const admin = [...operator, 'operators:read', 'operators:write', 'policy:override', 'settings:write'] as const;

export type Permission = (typeof admin)[number];

/** What each role may do. Every route names one of these, or the word public. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin };
