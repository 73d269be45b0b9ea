import { formatCount, formatCounted as count } from '../../../shared/ui/format.js';

/** The words of reviewing and saving. */
export const reviewTexts = {
  title: 'Review & save',
  nothing: 'There is nothing to save: the draft is what is live.',
  message: 'What is this change for? (optional)',
  save: (n: number) => `Save ${count(n, 'change', 'changes')}`,
  blocked: (n: number) => (n === 1 ? 'One problem has to be solved first.' : `${n} problems have to be solved first.`),
  showProblems: 'Show problems',
  failing: (n: number) => `${count(n, 'access test fails', 'access tests fail')}`,
  failingText: 'The draft cannot be saved like this.',
  showTests: 'Show access tests',
  passing: (n: number) => `${count(n, 'access test passes', 'access tests pass')}.`,
  override: 'Save it all the same, because',
  overrideHint: 'An admin may. The reason is kept with the revision and in the audit log.',
  existing: 'Subscriptions that the new rules do not allow',
  existings: { silent: 'End silently', disconnect: 'Disconnect their clients' },
  existingHints: {
    silent: 'They end at once. Their clients are not told; nobody else notices.',
    disconnect:
      'They end at once, and the clients that lose something are disconnected: those of MQTT 5 are told that they are not authorized.',
  },
  impact: 'What it does to clients that have a session',
  guard: (clients: number, all: number) =>
    `This takes something from ${formatCount(clients)} of ${formatCount(all)} clients that have a session. Type ${clients} to go on.`,
  impactUnknown: (why: string) => `It could not be worked out: ${why}`,
  failed: 'The rules were not saved. Your draft is kept.',
  live: (revision: number) => `Rev ${revision} is live`,
  lost: (subscriptions: number, wills: number, clients: number) => {
    if (subscriptions + wills === 0) return 'no subscription was dropped';
    const what = [
      ...(subscriptions > 0 ? [count(subscriptions, 'subscription', 'subscriptions')] : []),
      ...(wills > 0 ? [count(wills, 'will', 'wills')] : []),
    ];
    return `${what.join(' and ')} of ${count(clients, 'client', 'clients')} dropped`;
  },
  undoMessage: (revision: number) => `Undo of rev ${revision}`,
  undone: (revision: number) => `Undone: rev ${revision} is live`,
  undoFailed: 'The change could not be undone',
  diff: {
    label: 'Differences',
    added: 'Added',
    removed: 'Removed',
    changed: 'Changed',
    moved: 'Moved',
    movedFrom: (from: number, to: number) => `from ${from} to ${to}`,
    none: 'No difference.',
    test: 'Access test',
    settings: { noMatch: 'Everything else', wildcardOverlap: 'Wider subscriptions over a deny' },
    on: 'on',
    off: 'off',
    nothing: '(none)',
  },
} as const;
