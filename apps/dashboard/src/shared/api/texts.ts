/** What went wrong with a call where the server itself does not say. */
export const apiTexts = {
  answered: (status: number) => `The server answered ${status}`,
  unreachable: 'The server does not answer',
  checkServer: 'Check that the server runs and that this computer can reach it.',
  refused: 'The server refused the request',
} as const;
