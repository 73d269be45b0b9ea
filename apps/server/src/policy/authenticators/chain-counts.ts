import type { Answer } from './answer.js';

/** How often a member of the chain said what, since the server started or the member was changed. */
export interface AnswerCounts {
  accepted: number;
  refused: number;
  ignored: number;
  /** It could not tell: refused because something was away or too busy. */
  failed: number;
}

/** Counts from nothing. */
export function noCounts(): AnswerCounts {
  return { accepted: 0, refused: 0, ignored: 0, failed: 0 };
}

/** Counts one answer. */
export function count(counts: AnswerCounts, answer: Answer): void {
  if (answer.accepted) counts.accepted++;
  else if (answer.accepted === null) counts.ignored++;
  else if (answer.refusal === 'unavailable' || answer.refusal === 'server-busy') counts.failed++;
  else counts.refused++;
}
