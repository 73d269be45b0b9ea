import type { Principal, Refusal } from '@perch/broker';
import { type AddressRange, parseAddress, parseAddressRange, rangeContains } from '@perch/policy';

/** Which client ids a user may connect with: any, exactly this text, or what begins with it. */
export interface ClientIdBinding {
  readonly kind: 'any' | 'exact' | 'prefix';
  readonly text: string;
}

/** On what terms a user comes in. */
export interface UserTerms {
  readonly disabled: boolean;
  readonly clientIdBinding: ClientIdBinding;
  /** Where from; none: from anywhere. */
  readonly addresses: readonly AddressRange[];
  /** Connections at a time; null for as many as the broker lets in. */
  readonly connectionLimit: number | null;
  /** In ms since the epoch; null for ever. */
  readonly validUntil: number | null;
  readonly labels: readonly string[];
}

/** The terms as the table of users holds them. */
export interface TermsRow {
  readonly disabled: boolean;
  readonly clientIdBinding: string;
  readonly clientIdText: string;
  readonly addresses: readonly string[];
  readonly connectionLimit: number | null;
  readonly validUntil: Date | null;
  readonly labels: readonly string[];
}

/** A client that wants to come in as a user, or has. `address` is null where its link has none. */
export interface Arrival {
  readonly clientId: string;
  readonly address: string | null;
}

/** The terms of a user without any conditions. */
export const freeTerms: UserTerms = {
  disabled: false,
  clientIdBinding: { kind: 'any', text: '' },
  addresses: [],
  connectionLimit: null,
  validUntil: null,
  labels: [],
};

/** Reads the terms of a row. What cannot be read lets nobody in. */
export function termsOf(row: TermsRow): UserTerms {
  return {
    disabled: row.disabled,
    clientIdBinding: { kind: row.clientIdBinding as ClientIdBinding['kind'], text: row.clientIdText },
    addresses: row.addresses.map((text) => parseAddressRange(text) ?? NOWHERE),
    connectionLimit: row.connectionLimit,
    validUntil: row.validUntil?.getTime() ?? null,
    labels: row.labels,
  };
}

/** Why the terms keep this client out at this time, in ms since the epoch; null when they let it in. */
export function refusalOf(terms: UserTerms, { clientId, address }: Arrival, now: number): Refusal | null {
  if (terms.disabled) return 'banned';
  if (!fitsBinding(terms.clientIdBinding, clientId)) return 'wrong-client-id';
  if (!fitsAddresses(terms.addresses, address)) return 'wrong-address';
  return terms.validUntil !== null && terms.validUntil <= now ? 'authorization-expired' : null;
}

/** The password was right, but what goes with it was not: who has stolen it would try the next. */
export function isGuess(refusal: Refusal): boolean {
  return refusal === 'wrong-client-id' || refusal === 'wrong-address';
}

/** What vouches for users of the database, by whatever they have proved to be them. */
export const USERS = 'users';

/** Whether who this has let in is a user of the database. Null, of a session kept before it was written down: maybe. */
export function areUsers(authenticator: string | null): boolean {
  return authenticator === USERS || authenticator === null;
}

/** Who a client is that the terms have let in as this user. */
export function principalOf(
  username: string,
  terms: UserTerms,
): Principal & Record<'username' | 'authenticator', string> {
  const { labels, validUntil, connectionLimit } = terms;
  return { username, authenticator: USERS, labels, validUntil, connectionLimit };
}

/** Contains no address: those of a range of no groups are never as long. */
const NOWHERE: AddressRange = { address: [], bits: 0 };

function fitsBinding({ kind, text }: ClientIdBinding, clientId: string): boolean {
  if (kind === 'any') return true;
  return kind === 'prefix' ? clientId.startsWith(text) : clientId === text;
}

function fitsAddresses(ranges: readonly AddressRange[], text: string | null): boolean {
  if (ranges.length === 0) return true;
  const address = text === null ? null : parseAddress(text);
  return address !== null && ranges.some((range) => rangeContains(range, address));
}
