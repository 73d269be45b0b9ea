import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the retained page says: its filter, and which topic is open. */
export interface RetainedSearch {
  readonly filter?: string;
  readonly topic?: string;
  readonly view?: 'json' | 'text' | 'hex' | 'base64';
}

/** Reads the address of the retained page. */
export function retainedSearch(search: RawSearch): RetainedSearch {
  return {
    filter: textParam(search, 'filter'),
    topic: textParam(search, 'topic'),
    view: choiceParam(search, 'view', ['json', 'text', 'hex', 'base64']),
  };
}
