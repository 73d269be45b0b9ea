/** The words of the access tests. */
export const testsTexts = {
  none: 'No access test yet',
  text: 'An access test says what has to stay allowed, or denied: “pump-1 may publish plant/1/temp”. All of them run on each change of the draft and on each save; one that fails keeps the draft from being saved.',
  add: 'Add access test',
  list: 'Access tests',
  summary: (passing: number, failing: number) =>
    failing === 0 ? `All ${passing} pass` : `${failing} of ${passing + failing} fail`,
  sentence: {
    allow: { publish: 'may publish', subscribe: 'may subscribe to' },
    deny: { publish: 'may not publish', subscribe: 'may not subscribe to' },
  },
  passes: 'Passes',
  fails: 'Fails',
  invalid: 'Cannot be asked',
  explain: 'Explain',
  edit: 'Edit',
  remove: 'Remove',
  of: (action: string, sentence: string) => `${action}: ${sentence}`,
  expect: 'It has to be',
  expects: { allow: 'Allowed', deny: 'Denied' },
  note: 'Why it matters (optional)',
  form: 'Access test',
  done: 'Done',
  cancel: 'Cancel',
} as const;
