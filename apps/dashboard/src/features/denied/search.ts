import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What can be listed: what clients were refused, who was not let in, and what the shadow would have refused. */
export const deniedTabs = ['denied', 'auth', 'shadow'] as const;

export const groups = ['entry', 'client', 'action', 'topic', 'rule'] as const;
export const actions = ['publish', 'subscribe', 'will', 'delivery'] as const;
export const ranges = ['1h', '24h', '7d', '30d'] as const;

export type DeniedTab = (typeof deniedTabs)[number];
export type DeniedGroup = (typeof groups)[number];
export type DeniedRange = (typeof ranges)[number];

/** What the address of the denied page says. */
export interface DeniedSearch {
  readonly tab?: DeniedTab;
  /** Part of a client id, user name, address or topic. */
  readonly q?: string;
  readonly client?: string;
  readonly topic?: string;
  /** The id of a rule, or `-` for what no rule allowed. */
  readonly rule?: string;
  readonly action?: (typeof actions)[number];
  readonly group?: DeniedGroup;
  readonly sort?: 'count';
  readonly range?: DeniedRange;
  /** The entry that is explained. */
  readonly entry?: string;
}

/** Reads the address of the denied page. */
export function deniedSearch(search: RawSearch): DeniedSearch {
  return {
    tab: choiceParam(search, 'tab', deniedTabs),
    q: textParam(search, 'q'),
    client: textParam(search, 'client'),
    topic: textParam(search, 'topic'),
    rule: textParam(search, 'rule'),
    action: choiceParam(search, 'action', actions),
    group: choiceParam(search, 'group', groups),
    sort: choiceParam(search, 'sort', ['count']),
    range: choiceParam(search, 'range', ranges),
    entry: textParam(search, 'entry'),
  };
}
