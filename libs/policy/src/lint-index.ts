import type { AddressRange } from './address.js';
import { FilterTree, type PlacedFilter } from './filter-tree.js';
import { type LintedRule, mayClash } from './shadowing.js';

/** Live rules by whom they speak of and by their filters. Rules are added in policy order. */
export class LintIndex {
  /** By subject and value, or block of addresses; `` for anyone. */
  private readonly bySubject = new Map<string, FilterTree>();
  /** The lengths of all blocks of addresses. */
  private readonly prefixes = new Set<number>();
  /** By whatever any client may make of their filters; made when it is asked for. */
  private reach: FilterTree | null = null;
  private readonly rules: LintedRule[] = [];

  add(rule: LintedRule): void {
    const tree = treeAt(this.bySubject, keyOf(rule));
    for (const filter of rule.filters) tree.add({ rule, filter });
    this.rules.push(rule);
    if (rule.speaksOf.range !== null) this.prefixes.add(rule.speaksOf.range.bits);
  }

  /** The first rule of those that may speak of all clients of whom this one does and cover this filter. */
  firstCovering(rule: LintedRule, filter: string, isIt: (other: LintedRule) => boolean): LintedRule | undefined {
    return first(this.covering(rule, filter), isIt);
  }

  /** The first rule of those that may speak of all clients of whom this one does and cover all its filters. */
  firstCoveringAll(rule: LintedRule, isIt: (other: LintedRule) => boolean): LintedRule | undefined {
    let fewest: readonly PlacedFilter[][] = [];
    let least = Number.POSITIVE_INFINITY;
    for (const filter of rule.filters) {
      const lists = this.covering(rule, filter);
      const count = lists.reduce((sum, { length }) => sum + length, 0);
      if (count >= least) continue;
      least = count;
      fewest = lists;
    }
    return first(fewest, isIt);
  }

  /** Whether a rule that this one may meet is what is looked for. To be asked once all rules are added. */
  someMeeting(rule: LintedRule, isIt: (other: LintedRule) => boolean): boolean {
    const tree = (this.reach ??= reachOf(this.rules));
    const isMet = ({ rule: other }: PlacedFilter) => isIt(other) && mayClash(rule, other);
    return rule.reach.some((filter) => tree.findOverlapping(filter, isMet) !== undefined);
  }

  private covering(rule: LintedRule, filter: string): readonly PlacedFilter[][] {
    return this.widerSubjects(rule).flatMap((key) => this.bySubject.get(key)?.covering(filter) ?? []);
  }

  private widerSubjects(rule: LintedRule): string[] {
    const { range } = rule.speaksOf;
    if (rule.speaksOf.isAnyone) return [''];
    if (range === null) return [...new Set(['', `${rule.rule.subject} *`, keyOf(rule)])];
    return ['', ...[...this.prefixes].filter((bits) => bits <= range.bits).map((bits) => blockKey(range, bits))];
  }
}

function reachOf(rules: readonly LintedRule[]): FilterTree {
  const tree = new FilterTree();
  for (const rule of rules) for (const filter of rule.reach) tree.add({ rule, filter });
  return tree;
}

function treeAt(trees: Map<string, FilterTree>, key: string): FilterTree {
  const known = trees.get(key);
  if (known !== undefined) return known;
  const tree = new FilterTree();
  trees.set(key, tree);
  return tree;
}

/** The one that stands first in the policy. */
function first(lists: readonly PlacedFilter[][], isIt: (rule: LintedRule) => boolean): LintedRule | undefined {
  let best: LintedRule | undefined;
  for (const list of lists) {
    const end = best?.index ?? Number.POSITIVE_INFINITY;
    const found = list.find(({ rule }) => rule.index >= end || isIt(rule))?.rule;
    if (found !== undefined && found.index < end) best = found;
  }
  return best;
}

function keyOf({ rule, speaksOf: { isAnyone, range } }: LintedRule): string {
  if (isAnyone) return '';
  return range === null ? `${rule.subject} ${rule.value}` : blockKey(range, range.bits);
}

/** The first bits of the address, so that the same block has the same key however it was written. */
function blockKey({ address }: AddressRange, bits: number): string {
  const groups = address.map((group, place) => {
    const kept = Math.min(Math.max(bits - 16 * place, 0), 16);
    return group & (0xffff << (16 - kept)) & 0xffff;
  });
  return `ipaddr ${groups.join(' ')}/${bits}`;
}
