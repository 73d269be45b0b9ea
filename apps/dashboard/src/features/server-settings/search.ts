import { choiceParam, type RawSearch } from '../../shared/search/search.js';

/** The pages of the settings, in their order. */
export const sections = [
  'general',
  'listeners',
  'acl',
  'limits',
  'retained',
  'privacy',
  'retention',
  'authentication',
  'appearance',
  'about',
] as const;

export type Section = (typeof sections)[number];

/** What the address of the settings says. */
export interface SettingsSearch {
  readonly section?: Section;
}

/** Reads the address of the settings. */
export function settingsSearch(search: RawSearch): SettingsSearch {
  return { section: choiceParam(search, 'section', sections) };
}
