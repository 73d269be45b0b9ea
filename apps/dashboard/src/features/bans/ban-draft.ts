import type { Ban, BanPatch, NewBan } from '../../shared/api/generated/types.gen.js';
import { formatLocalInput } from '../../shared/ui/format.js';
import type { BanKind } from './search.js';

/** How long a ban can be asked to hold. */
export const durations = ['quarter', 'hour', 'day', 'date', 'ever'] as const;

/** When a ban ends, as a form holds it. */
export interface EndDraft {
  readonly duration: (typeof durations)[number];
  /** As an input of a local date and time writes it. */
  readonly date: string;
}

/** A ban as a form holds it. */
export interface BanDraft extends EndDraft {
  readonly kind: BanKind;
  readonly value: string;
  readonly reason: string;
}

const spanMs = { quarter: 900_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The form of a ban of this kind: an hour, unless it is said otherwise. */
export function blankBan(kind: BanKind, value: string): BanDraft {
  return { kind, value, reason: '', duration: 'hour', date: '' };
}

/** When it ends, as the server is told; null: never. `undefined` where the date is missing or past. */
export function endOf({ duration, date }: EndDraft, nowMs: number): string | null | undefined {
  if (duration === 'ever') return null;
  const atMs = duration === 'date' ? new Date(date).getTime() : nowMs + spanMs[duration];
  return atMs > nowMs ? new Date(atMs).toISOString() : undefined;
}

/** What a new ban is set with; null where its end is not told. */
export function newBanOf(draft: BanDraft, nowMs: number): NewBan | null {
  const until = endOf(draft, nowMs);
  return until === undefined ? null : { ...targetOf(draft), reason: draft.reason.trim(), until };
}

/** Whom the draft bans. Blanks around an address mean nothing; in a client id they may. */
export function targetOf({ kind, value }: BanDraft): Pick<NewBan, 'kind' | 'value'> {
  return { kind, value: kind === 'ipaddr' ? value.trim() : value };
}

/** The form that changes this ban. */
export function draftOf({ kind, value, reason, until }: Ban): BanDraft {
  const date = until === null ? '' : formatLocalInput(new Date(until));
  return { kind, value, reason, duration: until === null ? 'ever' : 'date', date };
}

/** What the draft changes of the ban; null where its new end is not told. An end that nobody touched keeps its seconds. */
export function patchOf(ban: Ban, draft: BanDraft, nowMs: number): BanPatch | null {
  const before = draftOf(ban);
  const reason = draft.reason.trim();
  if (before.duration === draft.duration && before.date === draft.date) return { reason };
  const until = endOf(draft, nowMs);
  return until === undefined ? null : { reason, until };
}

/** The same ban again, with what is left of it; null when it would be over. */
export function sameBan({ kind, value, reason, until }: Ban, nowMs: number): NewBan | null {
  return until !== null && Date.parse(until) <= nowMs ? null : { kind, value, reason, until };
}
