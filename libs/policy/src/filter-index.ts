import { type CompiledRule, hasEnded, type JudgedClient } from './compiled-rule.js';
import { covers, overlap } from './levels.js';
import { type RuleFilter, RuleTree } from './rule-tree.js';

/** Up to here, asking each filter is as fast as a tree, and costs no memory: most clients have few rules of their own. */
const SCAN_LIMIT = 8;
const NONE: readonly RuleFilter[] = [];

/** Finds those of many rules that speak of a topic or a filter, without asking each of them. */
export class FilterIndex {
  /** The filters to ask, or null where there are too many, or some that differ from client to client. */
  private readonly few: readonly RuleFilter[] | null;
  private tree: RuleTree | null = null;

  /** `rules` are in policy order. */
  constructor(private readonly rules: readonly CompiledRule[]) {
    const count = rules.reduce((sum, { filters }) => sum + filters.length, 0);
    const isScanned = count <= SCAN_LIMIT && !rules.some(({ hasPlaceholder }) => hasPlaceholder);
    const all = () => rules.flatMap((compiled) => compiled.filters.map((filter) => ({ compiled, filter })));
    this.few = isScanned ? all() : null;
  }

  /** The first rule in force for this client that has a filter covering `wanted`, spelled out; or null. */
  first(wanted: string, client: JudgedClient): CompiledRule | null {
    if (this.few === null) return this.asTree().first(wanted, client);
    for (const { compiled, filter } of this.few) {
      if (covers(filter, wanted) && !hasEnded(compiled, client)) return compiled;
    }
    return null;
  }

  /** The filters that overlap `wanted`, spelled out, of rules that have not ended: in no particular order. */
  overlapping(wanted: string, client: JudgedClient): readonly RuleFilter[] {
    if (this.few === null) return this.asTree().overlapping(wanted, client);
    if (this.few.length === 0) return NONE;
    return this.few.filter(({ compiled, filter }) => !hasEnded(compiled, client) && overlap(filter, wanted));
  }

  private asTree(): RuleTree {
    return (this.tree ??= new RuleTree(this.rules));
  }
}
