/** The words of the page behind an invitation. */
export const joinTexts = {
  title: 'Join',
  intro: (by: string) => `${by} invited you to look after this broker.`,
  name: 'Operator',
  role: 'Role',
  password: 'Choose a password',
  submit: 'Log in',
  closedTitle: 'This invitation does not open',
  closed: 'It was used, was withdrawn or is older than a day. Ask for another.',
  toLogin: 'Log in',
} as const;
