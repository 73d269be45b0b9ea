import { type RawSearch, textParam } from '../../shared/search/search.js';

/** The address to go back to after log-in; only one within the dashboard. */
export function loginSearch(search: RawSearch): { to?: string } {
  const to = textParam(search, 'to');
  return { to: to?.startsWith('/') === true && !to.startsWith('//') && !to.includes('\\') ? to : undefined };
}
