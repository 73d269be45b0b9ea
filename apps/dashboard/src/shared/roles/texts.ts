/** What the roles of operators and API keys are called, and what each may do. */
export const roleTexts = {
  role: 'Role',
  roles: {
    viewer: { label: 'Viewer', may: 'Sees everything but payloads and secrets.' },
    operator: { label: 'Operator', may: 'Also changes rules and users, kicks clients, reads and publishes messages.' },
    admin: { label: 'Admin', may: 'Also manages operators, API keys, settings and backups.' },
  },
} as const;
