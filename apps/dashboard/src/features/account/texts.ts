/** The words of the preferences page. */
export const accountTexts = {
  title: 'Preferences',
  you: 'Account',
  name: 'Name',
  role: 'Role',
  lastLogin: 'Last log-in',
  never: 'never',
  permissions: 'Permissions',
  passwordHint: 'An admin sets passwords, under Operators.',
  appearance: 'Appearance',
  theme: 'Theme',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  themeHint: 'Kept in this browser.',
  keyboard: 'Keyboard',
  shortcuts: 'Single-key shortcuts',
  shortcutsHint:
    'Such as g c for Clients and / for the filter. Switch them off if a voice control types letters for you.',
} as const;
