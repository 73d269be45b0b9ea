import type { Action, Effect, PolicySettings, Rule } from './rule.js';

/** What is wrong with a file; line and column count from 1 and are null where they are not known. */
export interface ImportError {
  readonly line: number | null;
  readonly column: number | null;
  /** Where it is in a JSON document, like `roles[0].acls[2].topic`; null for text. */
  readonly path: string | null;
  readonly message: string;
}

/** One thing that a client may want, and what becomes of it. */
export interface ImportExample {
  readonly clientId: string;
  /** Null: a client without a user name. */
  readonly username: string | null;
  readonly action: Action;
  readonly topic: string;
  /** What the other broker decides, and what Perch will. */
  readonly there: Effect;
  readonly here: Effect;
}

/** What somebody should know before the rules are used. */
export interface ImportRemark {
  /** `kept`: put differently, so that it means the same · `differs`: does not mean the same · `left-out`: not imported. */
  readonly kind: 'kept' | 'differs' | 'left-out';
  readonly message: string;
  readonly example: ImportExample | null;
  /** The lines, or the places in the JSON document, that it speaks of. */
  readonly places: readonly string[];
}

/** A user of the other broker, as the import of users takes it. */
export interface ImportedUser {
  readonly username: string;
  /** As a line of mosquitto_passwd holds it, `$7$…`; null where the user has no password. */
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  /** The only client id that it may have; null for any. */
  readonly clientId: string | null;
  readonly labels: readonly string[];
  readonly note: string;
}

/** What a file of another broker comes to. Where there is an error, nothing of it may be used. */
export interface ImportAnalysis {
  readonly rules: readonly Omit<Rule, 'id'>[];
  /** The settings with which the rules mean what the remarks say. */
  readonly settings: PolicySettings;
  readonly users: readonly ImportedUser[];
  readonly errors: readonly ImportError[];
  readonly remarks: readonly ImportRemark[];
}

/** Everything else is denied, and a deny cuts out of what is wider. */
export const IMPORT_SETTINGS: PolicySettings = { noMatch: 'deny', wildcardOverlap: 'exclude' };

/** A rule of what every import says; the rest is as in a new one. */
export function importedRule(said: Pick<Rule, 'effect' | 'subject' | 'value' | 'access' | 'topics'>): Omit<Rule, 'id'> {
  return { ...said, enabled: true, mode: 'enforce', validUntil: null, note: '' };
}
