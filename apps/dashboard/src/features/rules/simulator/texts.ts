import type { Action } from '@perch/policy';

/** The words of the access test: who may do what, and why. */
export const simulatorTexts = {
  client: 'As client',
  clientHint: 'Type an id, or pick a client',
  username: 'User',
  address: 'Address',
  labels: 'Labels',
  labelsHint: 'of its user; Enter adds',
  action: 'Wants to',
  actions: { publish: 'Publish', subscribe: 'Subscribe' },
  topic: { publish: 'To topic', subscribe: 'To filter' },
  against: 'Judged by',
  sources: { draft: 'Draft', saved: 'Saved', revision: 'Revision' },
  revision: 'Revision number',
  ofRevision: (revision: number) => `Revision ${revision}`,
  notRead: (clientId: string) => `What is known of ${clientId} could not be read`,
  ask: 'Say who wants what, and see which rule decides.',
  loading: 'Reading that revision…',
  allowed: 'Allowed',
  denied: 'Denied',
  except: (filters: string) => `except ${filters}`,
  answers: 'Answers',
  explain: 'Explain',
  explainOf: (client: string, action: Action, topic: string) => `Explain ${action} ${topic} for ${client}`,
  own: (count: number) =>
    count === 1
      ? 'It brought 1 rule along, which is judged too.'
      : `It brought ${count} rules along, which are judged too.`,
  ownRule: (position: number) => `Own rule ${position}`,
  by: { draft: 'By the draft', saved: 'By the saved rules' },
  trace: 'Why, rule by rule',
  others: (count: number) => (count === 1 ? '1 rule is not about this' : `${count} rules are not about this`),
  showAll: 'Show them',
  hide: 'Hide them',
  level: (rule: string, wanted: string, isMatch: boolean) =>
    isMatch ? `${rule} fits ${wanted}` : `${rule || 'nothing'} does not fit ${wanted || 'nothing'}`,
  reach: { covers: 'covers it', overlaps: 'overlaps it', outside: 'outside' },
  ownNotTested: 'An access test knows the rules of the policy alone, not those that a client brings along.',
  saveTest: 'Save as access test',
  testSaved: 'The draft has a new access test',
  propose: {
    open: { allow: 'Create rule that allows this', deny: 'Create rule that denies this' },
    title: { allow: 'A rule that allows this', deny: 'A rule that denies this' },
    text: 'Each was tried: with it in its place, the answer is as you want it. It goes into the draft, where it can be taken back.',
    scopes: {
      one: 'For this client alone',
      user: 'For all clients of this user',
      'each-own': 'For every client, on its own topics',
    },
    place: (position: number, total: number) => `At position ${position} of ${total}`,
    before: 'before what is now',
    insert: 'Insert',
    insertNth: (n: number) => `Insert proposal ${n}`,
  },
  close: {
    later: (rule: number, decider: number) =>
      `Rule ${rule} would allow it, but rule ${decider} stands before it and decides.`,
    behindOwn: (rule: number) =>
      `Rule ${rule} would allow it, but a rule that the client brought along decides before.`,
    disabled: (rule: number) => `Rule ${rule} would allow it, but it is switched off.`,
    expired: (rule: number) => `Rule ${rule} would allow it, but it has ended.`,
    shadow: (rule: number) => `Rule ${rule} would allow it, but it is in shadow mode.`,
    access: (rule: number, action: string) =>
      `Rule ${rule} looks close: it speaks of this topic, but does not allow to ${action} there.`,
    wider: (rule: number, allowed: string, asked: string) =>
      `Rule ${rule} looks close: it allows ${allowed}, you asked ${asked}, which is wider.`,
    subject: (rule: number, who: string) => `Rule ${rule} looks close: it allows this to ${who}.`,
    level: (rule: number, allowed: string, asked: string) =>
      `Rule ${rule} looks close: it allows ${allowed}, you asked ${asked}.`,
  },
} as const;
