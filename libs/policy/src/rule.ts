/** What a rule does when it applies. */
export type Effect = 'allow' | 'deny';

/** Whom a rule speaks of. */
export type Subject = 'clientid' | 'username' | 'ipaddr' | 'label' | 'everyone';

/** Which direction a rule speaks of; `pubsub` is both. */
export type Access = 'pub' | 'sub' | 'pubsub';

/** What a client wants to do. */
export type Action = 'publish' | 'subscribe';

/** One line of the ordered access policy. */
export interface Rule {
  /** Stable across revisions: refusals, hits and merges name it. */
  readonly id: string;
  readonly effect: Effect;
  readonly subject: Subject;
  /** Exact text, `*` for any, or for `ipaddr` an address or CIDR (v4, v6). `*` when the subject is `everyone`. */
  readonly value: string;
  readonly access: Access;
  /** One or more MQTT filters, with the placeholders `%c` (client id) and `%u` (user name) as whole levels. */
  readonly topics: readonly string[];
  readonly enabled: boolean;
  /** `shadow` rules are judged and counted, never enforced. */
  readonly mode: 'enforce' | 'shadow';
  /** ISO 8601 instant after which the rule no longer applies, or null for ever. */
  readonly validUntil: string | null;
  readonly note: string;
}

/** What happens outside the rules themselves. */
export interface PolicySettings {
  /** The decision when no rule applies. */
  readonly noMatch: Effect;
  /** A deny that overlaps a wider granted subscription excludes topics from it, or refuses it. */
  readonly wildcardOverlap: 'exclude' | 'reject';
}

/** The whole ordered list with its settings. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly settings: PolicySettings;
}

/** Who is judged. Null where the client has none. */
export interface ClientIdentity {
  readonly clientId: string;
  readonly username: string | null;
  /** Textual IPv4 or IPv6 address without port. */
  readonly address: string | null;
  /** What its user carries, for rules that speak of a label. Left out: none. */
  readonly labels?: readonly string[];
}

/** Rules of one client alone, which it brought with its credentials: the `acl` claim of a token. */
export interface OwnRules {
  readonly rules: readonly Rule[];
  /** Judged before all of the policy's rules, or after them and before the default. */
  readonly place: 'before' | 'after';
}
