import { newRuleId, type Rule } from '@perch/policy';
import { type Dispatch, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { notifyUndo } from '../../shared/ui/notify.js';
import { blankRule, type Draft, type DraftAction, type RulePatch } from './draft.js';
import { rulesTexts } from './texts.js';

/** What can be done to the rules of the list; stable, so that rows that did not change are not painted. */
export interface RuleActions {
  /** Brings a rule into view and gives it the focus. */
  readonly show: (id: string) => void;
  readonly edit: (id: string) => void;
  /** Takes over what was typed so far. */
  readonly type: (id: string, patch: RulePatch) => void;
  readonly finish: () => void;
  readonly cancel: () => void;
  readonly add: (at: number) => void;
  readonly duplicate: (id: string) => void;
  readonly toggle: (id: string, enabled: boolean) => void;
  readonly setMode: (id: string, mode: Rule['mode']) => void;
  /** Tells who wrote a rule. */
  readonly blame: (id: string) => void;
  readonly remove: (id: string) => void;
  readonly move: (id: string, to: number) => void;
}

/** Which rule is being edited, what was announced last, and the actions of the list. */
export interface RuleEditing {
  readonly editingId: string | null;
  readonly announcement: string;
  /** The rule that should have the focus now; a new object each time. */
  readonly focus: { readonly id: string } | null;
  /** The rule of which it is asked who wrote it. */
  readonly blamedId: string | null;
  readonly closeBlame: () => void;
  readonly actions: RuleActions;
}

interface Typing {
  readonly id: string;
  readonly patch: RulePatch;
  readonly isNew: boolean;
}

/** Edits one rule at a time: what is typed becomes one step of the draft when it is finished. */
export function useRuleEditing(draft: Draft, dispatch: Dispatch<DraftAction>): RuleEditing {
  const [editingId, setEditingId] = useState<string | null>(null);
  const [announcement, announce] = useState('');
  const [focus, setFocus] = useState<RuleEditing['focus']>(null);
  const [blamedId, setBlamedId] = useState<string | null>(null);
  const typing = useRef<Typing | null>(null);
  const latest = useRef<readonly Rule[]>(draft.content.rules);
  useEffect(() => {
    latest.current = draft.content.rules;
  });
  const actions = useMemo<RuleActions>(() => {
    const show = (id: string) => setFocus({ id });
    const rules = () => latest.current;
    const form = formActions({ typing, rules, dispatch, setEditingId, show });
    const order = orderActions({ rules, dispatch, show, announce });
    return { show, blame: setBlamedId, ...form, ...order };
  }, [dispatch]);
  return { editingId, announcement, focus, blamedId, closeBlame: () => setBlamedId(null), actions };
}

interface FormParts {
  readonly typing: RefObject<Typing | null>;
  readonly rules: () => readonly Rule[];
  readonly dispatch: Dispatch<DraftAction>;
  readonly setEditingId: (id: string | null) => void;
  readonly show: (id: string) => void;
}

function formActions({ typing, rules, dispatch, setEditingId, show }: FormParts) {
  const end = () => {
    const typed = typing.current;
    typing.current = null;
    setEditingId(null);
    return typed;
  };
  const finish = () => {
    const typed = end();
    if (!typed) return;
    dispatch({ type: 'change', id: typed.id, patch: typed.patch });
    show(typed.id);
  };
  const cancel = () => {
    const typed = end();
    if (!typed) return;
    if (!typed.isNew) return show(typed.id);
    // A rule that was only just added and never filled in was not wanted.
    dispatch({ type: 'withdraw', id: typed.id });
    showBeside(rules(), typed.id, show);
  };
  const begin = (id: string, isNew: boolean) => {
    finish();
    typing.current = { id, patch: {}, isNew };
    setEditingId(id);
  };
  const type = (id: string, patch: RulePatch) => {
    const typed = typing.current;
    if (typed?.id === id) typing.current = { ...typed, patch: { ...typed.patch, ...patch } };
  };
  const add = (at: number) => {
    finish();
    const rule = blankRule();
    dispatch({ type: 'insert', at, rules: [rule] });
    begin(rule.id, true);
  };
  return { finish, cancel, type, add, edit: (id: string) => begin(id, false) };
}

/** Gives the focus to the rule next to one that goes. */
function showBeside(rules: readonly Rule[], id: string, show: (id: string) => void): void {
  const at = rules.findIndex((rule) => rule.id === id);
  const neighbour = rules[at + 1] ?? rules[at - 1];
  if (neighbour) show(neighbour.id);
}

interface OrderParts {
  readonly rules: () => readonly Rule[];
  readonly dispatch: Dispatch<DraftAction>;
  readonly show: (id: string) => void;
  readonly announce: (sentence: string) => void;
}

function orderActions({ rules, dispatch, show, announce }: OrderParts) {
  const placeOf = (id: string) => rules().findIndex((rule) => rule.id === id);
  const move = (id: string, to: number) => {
    const from = placeOf(id);
    const total = rules().length;
    const target = Math.min(Math.max(to, 0), total - 1);
    if (from === target) return;
    dispatch({ type: 'move', ids: [id], to: target });
    announce(rulesTexts.moved(from + 1, target + 1, total));
    show(id);
  };
  const remove = (id: string) => {
    const at = placeOf(id);
    const rule = rules()[at];
    if (!rule) return;
    dispatch({ type: 'remove', id });
    notifyUndo(rulesTexts.deleted(at + 1), () => dispatch({ type: 'putBack', removed: [{ at, rule }] }));
    showBeside(rules(), id, show);
  };
  const duplicate = (id: string) => dispatch({ type: 'duplicate', id, copyId: newRuleId() });
  const toggle = (id: string, enabled: boolean) => dispatch({ type: 'change', id, patch: { enabled } });
  const setMode = (id: string, mode: Rule['mode']) => dispatch({ type: 'change', id, patch: { mode } });
  return { move, remove, duplicate, toggle, setMode };
}
