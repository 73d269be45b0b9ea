/** The words of the access test: who may do what, and why. */
export const simulatorTexts = {
  client: 'As client',
  clientHint: 'Type an id, or pick a client',
  username: 'User',
  address: 'Address',
  labels: 'Labels',
  labelsHint: 'Of the user, for rules that speak of a label',
  action: 'Wants to',
  actions: { publish: 'Publish', subscribe: 'Subscribe' },
  topic: { publish: 'To topic', subscribe: 'To filter' },
  against: 'Judged by',
  sources: { draft: 'Draft', saved: 'Saved', revision: 'Revision' },
  revision: 'Revision number',
  ofRevision: (revision: number) => `Revision ${revision}`,
  ask: 'Say who wants what, and see which rule decides.',
  loading: 'Reading that revision…',
  allowed: 'Allowed',
  denied: 'Denied',
  except: (filters: string) => `except ${filters}`,
  answers: 'Answers',
  by: { draft: 'By the draft', saved: 'By the saved rules' },
  trace: 'Why, rule by rule',
  others: (count: number) => (count === 1 ? '1 rule is not about this' : `${count} rules are not about this`),
  showAll: 'Show them',
  hide: 'Hide them',
  level: (rule: string, wanted: string, isMatch: boolean) =>
    isMatch ? `${rule} fits ${wanted}` : `${rule || 'nothing'} does not fit ${wanted || 'nothing'}`,
  reach: { covers: 'covers it', overlaps: 'overlaps it', outside: 'outside' },
  saveTest: 'Save as access test',
  testSaved: 'The draft has a new access test',
  close: {
    later: (rule: number, decider: number) =>
      `Rule ${rule} would allow it, but rule ${decider} stands before it and decides.`,
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
