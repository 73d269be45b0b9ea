import type { Rule } from '@perch/policy';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** Which rules are selected for an action on all of them. */
export interface RuleSelection {
  /** Those that are there, in the order of the list. */
  readonly ids: readonly string[];
  readonly has: (id: string) => boolean;
  /** Turns one around; as a range, gives all between it and the one before the same state. Stable. */
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly clear: () => void;
}

/** Keeps the selection; a rule that goes is selected no more. */
export function useRuleSelection(rules: readonly Rule[]): RuleSelection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(none);
  const anchor = useRef<string | null>(null);
  const latest = useRef(rules);
  useEffect(() => {
    latest.current = rules;
  });
  const toggle = useCallback((id: string, isRange: boolean) => {
    const from = isRange ? anchor.current : null;
    anchor.current = id;
    const ids = latest.current.map((rule) => rule.id);
    setSelected((before) => toggled(before, { id, between: between(ids, from ?? id, id) }));
  }, []);
  const clear = useCallback(() => setSelected(none), []);
  return useMemo(
    () => ({
      ids: rules.filter(({ id }) => selected.has(id)).map(({ id }) => id),
      has: (id) => selected.has(id),
      toggle,
      clear,
    }),
    [rules, selected, toggle, clear],
  );
}

const none: ReadonlySet<string> = new Set();

/** The ids from the one to the other, whichever comes first. */
function between(ids: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

function toggled(before: ReadonlySet<string>, { id, between: ids }: { id: string; between: readonly string[] }) {
  const after = new Set(before);
  const isOn = !before.has(id);
  for (const each of ids) {
    if (isOn) after.add(each);
    else after.delete(each);
  }
  return after;
}
