import type { MergeChoices, MergeConflict } from './merge-conflict.js';
import type { Sides } from './merge-sides.js';
import { movedIds } from './rising-run.js';
import type { Rule } from './rule.js';

type Lists = Sides<readonly Rule[]>;

/** The merged rules in their order, and the moves that exclude each other. */
export interface MergedOrder {
  readonly rules: readonly Rule[];
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Puts the kept rules in order: as they stand in `theirs`, with what `mine` added or moved behind the same neighbour as
 * there. What both sides added at the same place stands one behind the other, mine first.
 */
export function mergedOrder(lists: Lists, kept: ReadonlyMap<string, Rule>, choices: MergeChoices): MergedOrder {
  const moves = { mine: movedIds(lists.base, lists.mine), theirs: movedIds(lists.base, lists.theirs) };
  const clashes = movedByBoth(lists, moves);
  const chosen = (id: string) => choices[conflictId(id)] ?? 'mine';
  const isPlacedByMine = (id: string) => moves.mine.has(id) && (!moves.theirs.has(id) || clashes.has(id));
  const place = (isTaken: (id: string) => boolean) => placed(lists, kept, { isTaken, moves });
  const ids = place(isPlacedByMine);
  for (const id of crossed(lists, moves, ids)) clashes.add(id);
  const isUndone = [...clashes].some((id) => chosen(id) === 'theirs');
  const final = isUndone ? place((id) => isPlacedByMine(id) && !(clashes.has(id) && chosen(id) === 'theirs')) : ids;
  const conflicts = [...clashes].filter((id) => kept.has(id)).map((id) => conflictOf(id, lists));
  return { rules: final.flatMap((id) => kept.get(id) ?? []), conflicts };
}

interface Moves {
  readonly mine: ReadonlySet<string>;
  readonly theirs: ReadonlySet<string>;
}

function conflictId(ruleId: string): string {
  return `moved ${ruleId}`;
}

function conflictOf(ruleId: string, { mine, theirs }: Lists): MergeConflict {
  const positionIn = (rules: readonly Rule[]) => rules.findIndex(({ id }) => id === ruleId) + 1;
  return { kind: 'moved', id: conflictId(ruleId), ruleId, mine: positionIn(mine), theirs: positionIn(theirs) };
}

/** Rules that both sides moved to different places among those that nobody moved. */
function movedByBoth({ mine, theirs }: Lists, moves: Moves): Set<string> {
  const both = new Set([...moves.mine].filter((id) => moves.theirs.has(id)));
  if (both.size === 0) return both;
  const known = new Set(theirs.map(({ id }) => id));
  const before = (rules: readonly Rule[], other: ReadonlySet<string>) => {
    const counts = new Map<string, string>();
    let last = '';
    for (const { id } of rules) {
      if (both.has(id)) counts.set(id, last);
      else if (other.has(id) && !moves.mine.has(id) && !moves.theirs.has(id)) last = id;
    }
    return counts;
  };
  const inMine = before(mine, known);
  const inTheirs = before(theirs, new Set(mine.map(({ id }) => id)));
  return new Set([...both].filter((id) => inMine.get(id) !== inTheirs.get(id)));
}

interface Placing {
  /** Whether `mine` says where the rule stands. */
  readonly isTaken: (id: string) => boolean;
  readonly moves: Moves;
}

function placed({ mine, theirs }: Lists, kept: ReadonlyMap<string, Rule>, { isTaken, moves }: Placing): string[] {
  const known = new Set(theirs.map(({ id }) => id));
  const next = new Map<string, string[]>([['', []]]);
  let anchor = '';
  for (const { id } of mine) {
    if (!kept.has(id)) continue;
    const isOurs = !known.has(id) || isTaken(id);
    if (isOurs) next.get(anchor)?.push(id);
    // A neighbour that they moved away says nothing about where this one belongs.
    else if (!moves.theirs.has(id)) next.set((anchor = id), []);
  }
  const out = [...(next.get('') ?? [])];
  for (const { id } of theirs) {
    if (!kept.has(id) || isTaken(id)) continue;
    out.push(id, ...(next.get(id) ?? []));
  }
  return out;
}

/** Rules of which `mine` moved one past another while `theirs` moved that one, so that an order that one side made is lost. */
function crossed({ base, mine, theirs }: Lists, moves: Moves, ids: readonly string[]): Set<string> {
  const [inBase, inMine, inTheirs, inMerged] = [base, mine, theirs].map(placesOf).concat(placesOfIds(ids));
  const found = new Set<string>();
  for (const own of moves.mine) {
    for (const other of moves.theirs) {
      const orders = [inBase, inMine, inTheirs, inMerged].map((places) => orderOf(places, own, other));
      const [was, my, their, made] = orders;
      if (own === other || orders.includes(undefined)) continue;
      const wanted = my === their || their === was ? my : their;
      if (made !== wanted) found.add(own);
    }
  }
  return found;
}

function placesOf(rules: readonly Rule[]): ReadonlyMap<string, number> {
  return placesOfIds(rules.map(({ id }) => id));
}

function placesOfIds(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

/** Whether the first stands before the second; undefined where one of them is missing. */
function orderOf(places: ReadonlyMap<string, number> | undefined, a: string, b: string): boolean | undefined {
  const [first, second] = [places?.get(a), places?.get(b)];
  return first === undefined || second === undefined ? undefined : first < second;
}
