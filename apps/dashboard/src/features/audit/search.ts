import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the audit page says: its filters, and which entry is open. */
export interface AuditSearch {
  readonly operator?: string;
  readonly action?: string;
  readonly object?: string;
  /** `exact`: of this object alone. */
  readonly match?: 'exact';
  /** The id of a rule: what became of it. */
  readonly rule?: string;
  readonly result?: 'done' | 'refused';
  /** The entry whose drawer is open. */
  readonly entry?: string;
}

/** Reads the address of the audit page. */
export function auditSearch(search: RawSearch): AuditSearch {
  return {
    operator: textParam(search, 'operator'),
    action: textParam(search, 'action'),
    object: textParam(search, 'object'),
    match: choiceParam(search, 'match', ['exact']),
    rule: textParam(search, 'rule'),
    result: choiceParam(search, 'result', ['done', 'refused']),
    entry: textParam(search, 'entry'),
  };
}
