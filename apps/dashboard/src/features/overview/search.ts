import { choiceParam, type RawSearch } from '../../shared/search/search.js';

export const overviewRanges = ['15m', '1h', '6h', '24h'] as const;

/** How far back the tiles look. */
export type OverviewRange = (typeof overviewRanges)[number];

/** What the address of the overview says. */
export interface OverviewSearch {
  readonly range?: OverviewRange;
}

/** Reads the address of the overview. */
export function overviewSearch(search: RawSearch): OverviewSearch {
  return { range: choiceParam(search, 'range', overviewRanges) };
}
