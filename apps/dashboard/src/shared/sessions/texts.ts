/** The words of lists of sessions. */
export const sessionsTexts = {
  table: 'Sessions',
  columns: { browser: 'Browser', address: 'Address', started: 'Logged in', seen: 'Last used', actions: 'Actions' },
  current: 'this browser',
  unknown: 'Unknown program',
  on: (browser: string, system: string) => `${browser} on ${system}`,
  end: 'Log out',
  endOf: (browser: string) => `Log out ${browser}`,
  none: 'Not logged in anywhere',
} as const;
