import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What can be looked at of one topic. */
export const topicTabs = ['subscribers', 'message', 'tail', 'retained', 'who', 'publish'] as const;

export type TopicTab = (typeof topicTabs)[number];

/** What the address of the topics page says. */
export interface TopicsSearch {
  /** The topic, or filter, that is open. */
  readonly topic?: string;
  readonly tab?: TopicTab;
  /** The client whose messages alone the live tail shows. */
  readonly client?: string;
  /** The beginning of the topics that the tree shows. */
  readonly find?: string;
  readonly sort?: 'activity';
}

/** Reads the address of the topics page. */
export function topicsSearch(search: RawSearch): TopicsSearch {
  return {
    topic: textParam(search, 'topic'),
    tab: choiceParam(search, 'tab', topicTabs),
    client: textParam(search, 'client'),
    find: textParam(search, 'find'),
    sort: choiceParam(search, 'sort', ['activity']),
  };
}
