import { formatCount, formatCounted } from '../../../shared/ui/format.js';

/** The words of the preview of what a draft does to clients that have a session, connected or away. */
export const impactTexts = {
  none: 'Nothing changes',
  noneText:
    'As soon as the draft differs from what is saved, this tells what each client that has a session, connected or away, would lose and gain.',
  broken: 'Solve the problems of the draft first: rules that are not valid cannot be judged.',
  working: (done: number, total: number) =>
    total === 0 ? 'Looking at the clients…' : `${formatCount(done)} of ${formatCount(total)} clients looked at`,
  stale: 'This is of the draft before your last edit.',
  cards: {
    loses: 'Loses',
    gains: 'Gains',
    publishes: 'Publishes denied',
    unaffected: 'Unaffected',
  },
  subscriptions: (count: number) => formatCounted(count, 'subscription', 'subscriptions'),
  clients: (count: number) => formatCounted(count, 'client', 'clients'),
  wills: (count: number) => formatCounted(count, 'will', 'wills'),
  list: 'Changes',
  views: { losing: 'Loses', gaining: 'Gains', rules: 'By rule' },
  subjects: { subscription: 'subscription', will: 'will', publish: 'publish' },
  kinds: { loses: 'loses', narrowed: 'narrowed', gains: 'gains', widened: 'widened' },
  nobody: {
    losing: 'No client loses anything.',
    gaining: 'No client gains anything.',
    rules: 'No rule changes anything.',
  },
  default: 'default',
  rule: (position: number) => `rule ${position}`,
  gone: 'removed rule',
  setting: 'A setting',
  except: (filters: string) => `without ${filters}`,
  again: (filters: string) => `with ${filters} again`,
  more: (count: number) => `and ${formatCount(count)} more`,
  ruleCounts: (taken: number, given: number, clients: number) =>
    `takes ${formatCount(taken)}, gives ${formatCount(given)}, of ${formatCounted(clients, 'client', 'clients')}`,
} as const;
