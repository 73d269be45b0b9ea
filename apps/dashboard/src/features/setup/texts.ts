/** The words of the set-up. */
export const setupTexts = {
  title: 'Set up Perch',
  intro: 'Make the first operator. It is an admin: it can edit rules and users, and make further operators.',
  name: 'Operator name',
  password: 'Password',
  submit: 'Create the operator',
  noTokenTitle: 'The set-up link is incomplete',
  noToken:
    'Open the whole one-time link that the server printed when it started: it ends in a token. Restart the server to get a new one.',
  doneTitle: 'Perch is already set up',
  done: 'The first operator exists. Log in, or ask an admin for an account.',
  toLogin: 'Go to the log-in page',
  connectTitle: 'Connect a device',
  connectIntro: 'You are signed in. Connect a first device now, or later from the overview.',
  waiting: 'Waiting for the first client…',
  arrived: (clientId: string) => `${clientId} is connected`,
  toOverview: 'Go to the overview',
  createUser: 'Create a user',
} as const;
