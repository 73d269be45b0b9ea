/** The words around passwords. */
export const passwordTexts = {
  show: 'Show or hide the password',
  strengthLabel: 'Strength',
  strength: { weak: 'Weak', fair: 'Fair', good: 'Good', strong: 'Strong' },
  atLeast: (length: number) => `At least ${length} characters. Pasting from a password manager is welcome.`,
  tooShort: (missing: number) => (missing === 1 ? '1 more character' : `${missing} more characters`),
} as const;
