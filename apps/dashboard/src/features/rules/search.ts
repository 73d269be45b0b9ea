import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** The tools beside the list. */
export const dockTabs = ['test', 'who', 'problems', 'tests', 'impact', 'history', 'shadow'] as const;

export type DockTab = (typeof dockTabs)[number];

/** What the address of the rules page says: the search, the dock's tab, and the question asked of the access test. */
export interface RulesSearch {
  readonly q?: string;
  readonly view?: 'text';
  /** `rules` where there is room for one thing only: the list. */
  readonly tab?: DockTab | 'rules';
  /** The rule to show, by id. */
  readonly rule?: string;
  readonly client?: string;
  readonly username?: string;
  readonly address?: string;
  /** Separated by commas. */
  readonly labels?: string;
  /** The client was picked from those that are known: what it has brought along is judged, too. */
  readonly live?: '1';
  readonly action?: 'publish' | 'subscribe';
  readonly topic?: string;
  /** `saved`, or the number of a revision; the draft where left out. */
  readonly against?: string;
  /** Proposes a rule that does this to what is asked. */
  readonly propose?: 'allow' | 'deny';
  /** Asks what one client can reach, instead of who can reach a topic. */
  readonly who?: 'client';
  /** Asks which clients that have a session can reach the topic, instead of whom the rules name. */
  readonly among?: 'clients';
}

/** Reads the address of the rules page. */
export function rulesSearch(search: RawSearch): RulesSearch {
  return {
    q: textParam(search, 'q'),
    view: choiceParam(search, 'view', ['text']),
    tab: choiceParam(search, 'tab', [...dockTabs, 'rules']),
    rule: textParam(search, 'rule'),
    client: textParam(search, 'client'),
    username: textParam(search, 'username'),
    address: textParam(search, 'address'),
    labels: textParam(search, 'labels'),
    live: choiceParam(search, 'live', ['1']),
    action: choiceParam(search, 'action', ['publish', 'subscribe']),
    topic: textParam(search, 'topic'),
    against: againstParam(search),
    propose: choiceParam(search, 'propose', ['allow', 'deny']),
    who: choiceParam(search, 'who', ['client']),
    among: choiceParam(search, 'among', ['clients']),
  };
}

function againstParam(search: RawSearch): string | undefined {
  const against = textParam(search, 'against');
  return against === 'saved' || /^[1-9]\d{0,8}$/.test(against ?? '') ? against : undefined;
}
