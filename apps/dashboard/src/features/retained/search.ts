import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the retained page says: list or tree, what it shows, and which topic is open. */
export interface RetainedSearch {
  readonly filter?: string;
  readonly topic?: string;
  readonly view?: 'json' | 'text' | 'hex' | 'base64' | 'image';
  /** As a tree instead of a list. */
  readonly as?: 'tree';
  /** The beginning of the topics that the tree shows. */
  readonly find?: string;
}

/** Reads the address of the retained page. */
export function retainedSearch(search: RawSearch): RetainedSearch {
  return {
    filter: textParam(search, 'filter'),
    topic: textParam(search, 'topic'),
    view: choiceParam(search, 'view', ['json', 'text', 'hex', 'base64', 'image']),
    as: choiceParam(search, 'as', ['tree']),
    find: textParam(search, 'find'),
  };
}
