import { formatCount, formatCounted } from '../../../shared/ui/format.js';

/** The words of drafts that are judged beside the live rules. */
export const shadowTexts = {
  banner: 'A draft is judged in shadow: nothing of it is enforced',
  since: (author: string) => `By ${author},`,
  basedOn: (revision: number, live: number) =>
    revision === live ? `based on revision ${revision}` : `based on revision ${revision}, while ${live} is live`,
  differences: (count: number) =>
    count === 0 ? 'No difference so far.' : `${formatCounted(count, 'difference', 'differences')} so far.`,
  show: 'Show differences',
  none: 'No draft is judged in shadow',
  text: 'In shadow a whole draft is judged beside the live rules, for as long as you like. Nothing of it is enforced: what it would refuse or allow is counted.',
  rulesOnly: (count: number) =>
    count === 1
      ? 'No draft; 1 live rule in shadow mode is judged as if it were enforced.'
      : `No draft; ${count} live rules in shadow mode are judged as if they were enforced.`,
  note: 'Note',
  notePlaceholder: 'What it is to find out',
  start: 'Judge my draft in shadow',
  replace: 'Judge my draft instead',
  replaceText: 'This ends the shadow above and forgets what it counted.',
  started: 'Your draft is judged in shadow',
  unchanged: 'The draft is what is live: nothing would differ.',
  broken: 'Solve the problems of the draft first.',
  stop: 'Stop',
  stopTitle: 'Stop judging the draft',
  stopText:
    'What it would have refused and allowed is forgotten. Make it the draft first if you want to keep its rules.',
  stopAction: 'Stop the shadow',
  stopped: 'The draft is no longer judged in shadow',
  take: 'Make it the draft',
  taken: 'The rules that are judged in shadow are your draft now',
  notTaken: 'The shadow is not the draft',
  counted: 'Counted since',
  counts: {
    refused: 'Would be refused',
    allowed: 'Would be allowed',
    narrowed: 'Would get less',
    widened: 'Would get more',
  },
  hints: {
    refused: 'judgements',
    allowed: 'judgements',
    narrowed: 'subscriptions, a part cut out',
    widened: 'subscriptions, less cut out',
  },
  list: 'Differences',
  views: { rules: 'By rule', clients: 'By client', items: 'Last ones' },
  nothing: 'Nothing differs so far: what clients did since would have ended the same way.',
  default: 'The default',
  rule: (position: number) => `Rule ${position} of the shadow`,
  goTo: (position: number) => `Go to rule ${position}`,
  gone: 'A rule that is there no more',
  change: { refused: 'refused', allowed: 'allowed', narrowed: 'gets less', widened: 'gets more' },
  actions: { publish: 'publish', subscribe: 'subscribe' },
  times: (count: number) => (count === 1 ? 'once' : `${count} times`),
  differencesOf: (client: string) => `Differences of ${client}`,
  more: (count: number) => `and ${formatCount(count)} more`,
  omitted: (count: number) => `Of ${formatCount(count)} more only the sums are known.`,
} as const;
