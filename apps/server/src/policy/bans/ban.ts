/** What a ban is held against. */
export type BanKind = 'clientid' | 'username' | 'ipaddr';

/** Who may not come in. */
export interface Ban {
  readonly id: string;
  readonly kind: BanKind;
  /** Exact text; for `ipaddr` an address or a CIDR block. */
  readonly value: string;
  /** When it ends, in ms since the epoch; null for ever. */
  readonly until: number | null;
}

/** Who wants to come in, or is in. */
export interface BanSubject {
  readonly clientId: string | null;
  readonly username: string | null;
  /** Textual IP address without port. */
  readonly address: string | null;
}
