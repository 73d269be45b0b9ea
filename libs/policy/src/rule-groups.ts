import type { RuleGroup } from './rule-group.js';

/** The groups of rules that speak of a client. Clients of which the same rules speak have mostly the same one. */
export class RuleGroups {
  /** Stands for these groups where they must not be kept in memory. */
  readonly key: object = {};

  constructor(readonly list: readonly RuleGroup[]) {}
}
