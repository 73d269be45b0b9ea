import { type AddressRange, parseAddressRange, rangeCovers } from './address.js';
import type { Rule } from './rule.js';
import { isAnyone } from './subject.js';

/** Whom a rule speaks of, ready to be compared with whom others speak of. */
export interface SubjectScope extends Pick<Rule, 'subject' | 'value'> {
  readonly isAnyone: boolean;
  /** The addresses of an `ipaddr` rule. */
  readonly range: AddressRange | null;
}

/** Reads whom a rule speaks of. */
export function subjectScope({ subject, value }: Pick<Rule, 'subject' | 'value'>): SubjectScope {
  const range = subject === 'ipaddr' ? parseAddressRange(value) : null;
  return { subject, value, isAnyone: isAnyone({ subject, value }), range };
}

/** Whether `wide` speaks of every client that `narrow` speaks of. */
export function speaksOfAll(wide: SubjectScope, narrow: SubjectScope): boolean {
  if (wide.isAnyone) return true;
  if (wide.subject !== narrow.subject || narrow.isAnyone) return false;
  // Of the same subject, and not anyone: any user name, any label.
  if (wide.value === '*') return true;
  if (wide.range !== null && narrow.range !== null) return rangeCovers(wide.range, narrow.range);
  return wide.value === narrow.value;
}

/** Whether there may be a client that both speak of. */
export function mayMeet(a: SubjectScope, b: SubjectScope): boolean {
  // One client has an id, a name, an address and several labels.
  if (a.subject !== b.subject || a.subject === 'label') return true;
  return speaksOfAll(a, b) || speaksOfAll(b, a);
}
