import type { ClientIdentity, OwnRules } from './rule.js';

/** A client as it is now: what it does under the saved policy is judged under the draft. */
export interface ImpactClient {
  readonly identity: ClientIdentity;
  /** Rules of this client alone, which no draft changes. */
  readonly own?: OwnRules | null;
  /** Filters, as they were asked for. */
  readonly subscriptions: readonly string[];
  /** The topic of its will. */
  readonly will: string | null;
  /** Topics that it published to lately. */
  readonly published: readonly string[];
}

/** What of a client is judged. */
export type ImpactSubject = 'subscription' | 'will' | 'publish';

/** `narrowed`: the subscription stays, and more is cut out of it than before · `widened`: only less is. */
export type ImpactKind = 'loses' | 'narrowed' | 'gains' | 'widened';

/** One thing that a client could do before and can no more, or the other way round. */
export interface ImpactChange {
  readonly subject: ImpactSubject;
  readonly kind: ImpactKind;
  /** The topic, or the filter. */
  readonly topic: string;
  /** The rules that decide by the saved policy and by the draft; null for the default. */
  readonly before: string | null;
  readonly after: string | null;
  /** The new, or changed, or moved, or removed rule behind it; null where a setting is. */
  readonly cause: string | null;
  /** Filters that are cut out of the subscription from now on, and those that are cut out no more. */
  readonly excluded: readonly string[];
  readonly readmitted: readonly string[];
}

/** The same count for each kind of change. */
export type ImpactCounts = Readonly<Record<ImpactKind, number>>;

/** What happens to one client. */
export interface ClientImpact {
  readonly identity: ClientIdentity;
  /** The first of them. */
  readonly changes: readonly ImpactChange[];
  /** How many there are. */
  readonly count: number;
}

/** What one rule of the draft, or a setting (null), brings about. */
export interface RuleImpact {
  readonly ruleId: string | null;
  readonly counts: ImpactCounts;
  /** How many clients are concerned. */
  readonly clients: number;
}

/** What the draft would change for the clients that are there. Totals are exact, lists hold the first of them. */
export interface Impact {
  /** A client that loses one thing and gains another is in both. */
  readonly clients: {
    readonly total: number;
    readonly losing: number;
    readonly gaining: number;
    readonly unaffected: number;
  };
  readonly totals: Readonly<Record<ImpactSubject, ImpactCounts & { readonly unaffected: number }>>;
  readonly losing: readonly ClientImpact[];
  readonly gaining: readonly ClientImpact[];
  /** By what they take away, most first. */
  readonly rules: readonly RuleImpact[];
}
