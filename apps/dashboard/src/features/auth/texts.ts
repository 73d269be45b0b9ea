/** The words of the log-in page. */
export const authTexts = {
  title: 'Log in',
  name: 'Operator',
  password: 'Password',
  code: 'Code of your authenticator app',
  codeHint: 'Or one of your recovery codes.',
  wrongCode: 'The name, the password or the code is wrong.',
  submit: 'Log in',
  wrong: 'The name or the password is wrong.',
  throttled: 'Too many attempts. Wait a moment before the next.',
  wait: (seconds: number) => `Try again in ${seconds} s`,
  setupTitle: 'This broker has no operator yet',
  setupText: 'Open the one-time set-up link that the server printed in its log when it started.',
} as const;
