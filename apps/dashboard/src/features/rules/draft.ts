import {
  applyEdit,
  isSameRule,
  isSameTest,
  newRuleId,
  type PolicyEdit,
  type PolicySettings,
  type PolicyTest,
  type PolicyVersion,
  type Rule,
} from '@perch/policy';

/** How many steps can be taken back. */
export const UNDO_LIMIT = 200;

/** What an operator edits: the ordered rules, what happens outside them, and the access tests that they have to pass. */
export type PolicyContent = Required<PolicyVersion>;

/** A saved revision that a draft starts from. */
export interface SavedPolicy extends PolicyContent {
  readonly revision: number;
}

/** The edits of one operator on top of one saved revision; nothing of it has reached the broker. */
export interface Draft {
  readonly saved: SavedPolicy;
  readonly content: PolicyContent;
  readonly past: readonly PolicyContent[];
  readonly future: readonly PolicyContent[];
}

/** The fields of a rule that an edit may change. */
export type RulePatch = Partial<Omit<Rule, 'id'>>;

/** A rule that was removed, and the index at which it stood. */
export interface RemovedRule {
  readonly at: number;
  readonly rule: Rule;
}

/** One edit of a draft. */
export type DraftAction =
  | PolicyEdit
  /** Takes out a rule that was only just put in, as if it had never been. */
  | { readonly type: 'withdraw'; readonly id: string }
  /** Puts back what was removed; what is there again by other ways stays as it is. */
  | { readonly type: 'putBack'; readonly removed: readonly RemovedRule[] }
  | { readonly type: 'duplicate'; readonly id: string; readonly copyId: string }
  | { readonly type: 'replace'; readonly rules: readonly Rule[] }
  | { readonly type: 'settings'; readonly patch: Partial<PolicySettings> }
  | { readonly type: 'tests'; readonly tests: readonly PolicyTest[] }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'discard' }
  /** Another revision is now the saved one; the draft on top of it says `content`, or is dropped. */
  | { readonly type: 'rebase'; readonly saved: SavedPolicy; readonly content: PolicyContent | null }
  | { readonly type: 'restore'; readonly content: PolicyContent };

/** A draft without edits. */
export function draftOf(saved: SavedPolicy): Draft {
  return { saved, content: contentOf(saved), past: [], future: [] };
}

/** The draft after one edit. An edit that changes nothing returns the same draft. */
export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'undo':
      return undo(draft);
    case 'redo':
      return redo(draft);
    case 'withdraw':
      return withdraw(draft, action.id);
    case 'rebase':
      return action.content ? { ...commit(draft, action.content), saved: action.saved } : draftOf(action.saved);
    default:
      return commit(draft, edited(draft, action));
  }
}

type Edit = Exclude<DraftAction, { type: 'undo' | 'redo' | 'rebase' | 'withdraw' }>;

function edited({ saved, content }: Draft, action: Edit): PolicyContent {
  switch (action.type) {
    case 'insert':
    case 'change':
    case 'remove':
    case 'move':
      return { ...content, rules: applyEdit(content.rules, action) };
    case 'putBack':
      return { ...content, rules: withRemoved(content.rules, action.removed) };
    case 'duplicate':
      return duplicated(content, action.id, action.copyId);
    case 'replace':
      return { ...content, rules: action.rules };
    case 'settings':
      return { ...content, settings: { ...content.settings, ...action.patch } };
    case 'tests':
      return { ...content, tests: action.tests };
    case 'discard':
      return contentOf(saved);
    case 'restore':
      return action.content;
  }
}

function withRemoved(rules: readonly Rule[], removed: readonly RemovedRule[]): readonly Rule[] {
  const present = new Set(rules.map(({ id }) => id));
  const missing = removed.filter(({ rule }) => !present.has(rule.id));
  return missing.reduce((before, { at, rule }) => before.toSpliced(at, 0, rule), rules);
}

function duplicated(content: PolicyContent, id: string, copyId: string): PolicyContent {
  const at = content.rules.findIndex((rule) => rule.id === id);
  const original = content.rules[at];
  if (!original) return content;
  return { ...content, rules: content.rules.toSpliced(at + 1, 0, { ...original, id: copyId }) };
}

function commit(draft: Draft, content: PolicyContent): Draft {
  if (isSameContent(draft.content, content)) return draft;
  return { ...draft, content, past: [...draft.past, draft.content].slice(-UNDO_LIMIT), future: [] };
}

function undo(draft: Draft): Draft {
  const previous = draft.past.at(-1);
  if (!previous) return draft;
  return { ...draft, content: previous, past: draft.past.slice(0, -1), future: [draft.content, ...draft.future] };
}

function withdraw(draft: Draft, id: string): Draft {
  const content = edited(draft, { type: 'remove', id });
  const previous = draft.past.at(-1);
  // Something else may have been edited meanwhile: that stays.
  if (!previous || !isSameContent(previous, content)) return commit(draft, content);
  return { ...draft, content: previous, past: draft.past.slice(0, -1) };
}

function redo(draft: Draft): Draft {
  const [next, ...future] = draft.future;
  if (!next) return draft;
  return { ...draft, content: next, past: [...draft.past, draft.content], future };
}

function contentOf({ rules, settings, tests }: PolicyContent): PolicyContent {
  return { rules, settings, tests };
}

/** True when both say the same, whatever their history. */
export function isSameContent(a: PolicyContent, b: PolicyContent): boolean {
  return isSameSettings(a.settings, b.settings) && isSameRules(a.rules, b.rules) && isSameTests(a.tests, b.tests);
}

function isSameSettings(a: PolicySettings, b: PolicySettings): boolean {
  return a.noMatch === b.noMatch && a.wildcardOverlap === b.wildcardOverlap;
}

function isSameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a === b || (a.length === b.length && a.every((rule, index) => isSameRule(rule, b[index])));
}

function isSameTests(a: readonly PolicyTest[], b: readonly PolicyTest[]): boolean {
  return a === b || (a.length === b.length && a.every((test, index) => isSameTest(test, b[index] ?? null)));
}

/** A new rule that still needs its topic. */
export function blankRule(rule: RulePatch = {}): Rule {
  return {
    effect: 'allow',
    subject: 'clientid',
    value: '*',
    access: 'pubsub',
    topics: [],
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
    ...rule,
    id: newRuleId(),
  };
}
