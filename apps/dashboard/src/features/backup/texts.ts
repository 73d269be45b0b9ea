/** The words of the backup page. */
export const backupTexts = {
  title: 'Backup',
  explain:
    'The configuration as one file: rules with their tests, users, bans, authenticators, saved settings, and what operators may do. Messages, history and what operators sign in with are not in it.',
  take: {
    title: 'Take a backup',
    secrets: 'With the hashes of passwords and the secrets of authenticators',
    isSecret:
      'The file is a secret: who has it can try to find the passwords of your users, and has what your authenticators sign and send.',
    withoutSecrets: 'Without them, users that are here can be changed from the file, but none can be made.',
    download: 'Download backup',
  },
  restore: {
    title: 'Restore',
    dropHint: 'or drop it here. Nothing is changed before you have seen what would be.',
    notJson: 'This file is not JSON: it is no backup, or was cut off.',
    from: (broker: string | null, when: string, by: string) =>
      `Backup${broker === null ? '' : ` of ${broker}`}, taken ${when} by ${by}`,
    withoutSecrets: 'without secrets',
    looking: 'Looking at what this would change…',
    mode: 'What the file does not have',
    modes: { merge: 'Keep it', replace: 'Remove it' },
    sections: 'Restore',
    disconnect: 'Disconnect clients that get another password or lose rights',
    overrideReason: 'Restore the rules although access tests fail, because',
  },
  plan: {
    title: 'What would change',
    done: 'What was changed',
    table: 'Sections',
    columns: {
      section: 'Section',
      create: 'Created',
      change: 'Changed',
      remove: 'Removed',
      leave: 'Left alone',
      unchanged: 'The same',
    },
    names: {
      settings: 'Settings',
      audit: 'Audit retention',
      access: 'Authentication',
      policy: 'Rules and tests',
      users: 'Users',
      bans: 'Bans',
      operators: 'Operators',
    },
    outcomes: { create: 'Created', change: 'Changed', remove: 'Removed', leave: 'Left alone' },
    details: (section: string) => `${section}: one by one`,
    item: { name: 'What', outcome: 'Becomes', changes: 'Changes' },
    change: (before: string, after: string) => `${before} → ${after}`,
    more: (count: string) => `${count} more are not shown.`,
    problems: 'What is wrong in the file',
    problem: { path: 'Where', message: 'Problem' },
    nothing: 'Everything here is as in the file.',
    wrong: (count: string) =>
      `Nothing can be restored while this is wrong: ${count} in all. Mend the file, or leave out its section.`,
    apply: (count: string) => `Restore ${count}`,
    changes: (count: string, n: number) => (n === 1 ? '1 change' : `${count} changes`),
  },
  confirm: {
    title: 'Restore this backup?',
    text: (changes: string) => `${changes} will hold at once, for everybody who is connected.`,
    removes: (count: string) =>
      `It removes ${count} that the file does not have. They are not in any other backup unless you took one.`,
    action: 'Restore',
  },
  done: 'The backup was restored',
  outdated: 'Something was changed since you looked. This is what would be done now:',
} as const;
