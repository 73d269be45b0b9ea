import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What can be banned. */
export const banKinds = ['clientid', 'username', 'ipaddr'] as const;

/** The tabs: bans that hold, that came to their end, that somebody lifted. */
export const banStates = ['active', 'ended', 'lifted'] as const;

export type BanKind = (typeof banKinds)[number];
export type BanState = (typeof banStates)[number];

/** What the address of the bans page says: the tab, the filter, and the form that is open. */
export interface BansSearch {
  /** Active when left out. */
  readonly state?: BanState;
  readonly kind?: BanKind;
  /** Part of the value or of the reason. */
  readonly q?: string;
  /** Opens the form of a new ban of this kind … */
  readonly new?: BanKind;
  /** … of this client id, user or address. */
  readonly value?: string;
}

/** Reads the address of the bans page. */
export function bansSearch(search: RawSearch): BansSearch {
  return {
    state: choiceParam(search, 'state', banStates),
    kind: choiceParam(search, 'kind', banKinds),
    q: textParam(search, 'q'),
    new: choiceParam(search, 'new', banKinds),
    value: textParam(search, 'value'),
  };
}
