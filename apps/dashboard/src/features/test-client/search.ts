import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the test client says: what a new connection begins with. */
export interface TestClientSearch {
  /** Whose password will be asked. */
  readonly username?: string;
  readonly client?: string;
  readonly topic?: string;
  readonly log?: 'packets';
}

/** Reads the address of the test client. */
export function testClientSearch(search: RawSearch): TestClientSearch {
  return {
    username: textParam(search, 'username'),
    client: textParam(search, 'client'),
    topic: textParam(search, 'topic'),
    log: choiceParam(search, 'log', ['packets']),
  };
}
