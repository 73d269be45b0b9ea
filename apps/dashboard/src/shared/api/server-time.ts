let offsetMs = 0;

/** Whole seconds are all that an answer tells, and it was under way: what differs by less is no difference. */
const DIFFERENCE_MS = 3_000;

/** Takes note of when the server says it answered. A clock of its own that goes wrong is what this browser may have. */
export function noteServerTime(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  const difference = told - (Date.now() + offsetMs);
  if (Math.abs(difference) > DIFFERENCE_MS) offsetMs += difference;
}

/** By how much the clock of the server is ahead of this browser's, in ms; nothing where both agree. */
export function serverOffsetMs(): number {
  return offsetMs;
}

/** What time it is at the server, in ms since the epoch: by its clock things happen and end. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
