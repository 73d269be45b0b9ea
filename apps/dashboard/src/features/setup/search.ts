import { choiceParam, type RawSearch } from '../../shared/search/search.js';

/** The steps after the first operator exists, in their order. */
export const setupSteps = ['broker', 'access', 'user', 'connect'] as const;

export type SetupStep = (typeof setupSteps)[number];

/** What the address of the set-up says: a reload goes on where one was. */
export interface SetupSearch {
  readonly step?: SetupStep;
}

/** Reads the address of the set-up. */
export function setupSearch(search: RawSearch): SetupSearch {
  return { step: choiceParam(search, 'step', setupSteps) };
}
