import type { Rule } from './rule.js';

/** One edit of a list of rules: plain data, so that a draft can take it and REST can show it. */
export type PolicyEdit =
  | { readonly type: 'insert'; readonly at: number; readonly rules: readonly Rule[] }
  | { readonly type: 'change'; readonly id: string; readonly patch: Partial<Omit<Rule, 'id'>> }
  | { readonly type: 'remove'; readonly id: string }
  /** The first of them stands at `to` afterwards. */
  | { readonly type: 'move'; readonly ids: readonly string[]; readonly to: number };

/** The rules after one edit. */
export function applyEdit(rules: readonly Rule[], edit: PolicyEdit): readonly Rule[] {
  switch (edit.type) {
    case 'insert':
      return rules.toSpliced(edit.at, 0, ...edit.rules);
    case 'change':
      return rules.map((rule) => (rule.id === edit.id ? { ...rule, ...edit.patch } : rule));
    case 'remove':
      return rules.filter(({ id }) => id !== edit.id);
    case 'move':
      return moveRules(rules, edit.ids, edit.to);
  }
}

/** The list with these items taken out and put back together, in their order, so that the first one stands at `to`. */
export function moveRules<Item extends { readonly id: string }>(
  items: readonly Item[],
  ids: readonly string[],
  to: number,
): readonly Item[] {
  const moving = new Set(ids);
  const staying = items.filter((item) => !moving.has(item.id));
  const at = Math.min(Math.max(to, 0), staying.length);
  return staying.toSpliced(at, 0, ...items.filter((item) => moving.has(item.id)));
}
