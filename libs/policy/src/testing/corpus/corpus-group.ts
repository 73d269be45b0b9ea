import type { ClientIdentity, PolicySettings, Rule } from '../../rule.js';

/** When the cases of the corpus are judged. */
export const CORPUS_NOW_MS = Date.parse('2030-01-01T00:00:00Z');

/**
 * `effect subject value access topic, topic [mark]`, where `everyone` has no value and the marks are `off`, `shadow` and
 * `until <instant>`; or the fields, for what does not fit in there.
 */
export type CorpusRule = string | Partial<Rule>;

/** `id user=joy ip=10.0.0.1 labels=a,b`; or the fields. What is left out the client has not. */
export type CorpusClient = string | Partial<ClientIdentity>;

/**
 * Who, what (`pub topic` or `sub filter`), and what has to come of it: `allow` or `deny`, and by what: the number of the
 * rule, `own` and the number of the client's own rule, `default` or `built-in`. Then what is cut out: `filter by number`.
 */
export type CorpusCase = readonly [client: CorpusClient, asked: string, decision: string, ...cuts: string[]];

/** Cases that are judged by the same rules. */
export interface CorpusGroup {
  readonly name: string;
  readonly rules: readonly CorpusRule[];
  readonly settings?: Partial<PolicySettings>;
  readonly own?: { readonly place: 'before' | 'after'; readonly rules: readonly CorpusRule[] };
  readonly cases: readonly CorpusCase[];
}
