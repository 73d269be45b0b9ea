/** Where a stream was: whose it is, which session, and the number of the last event that arrived. */
export interface EventPoint {
  readonly clientId: string;
  readonly session: string;
  readonly offset: number;
}

/** What an id begins with; the number of the event follows. */
export function eventIdHead({ clientId, session }: Omit<EventPoint, 'offset'>): string {
  return `${Buffer.from(clientId).toString('base64url')}.${session}.`;
}

/** Reads a `Last-Event-ID`; null where it is none of ours. */
export function readEventId(text: string): EventPoint | null {
  const [, name, session, offset] = /^([\w-]{1,1400})\.([\w-]{24})\.(\d{1,15})$/.exec(text) ?? [];
  if (name === undefined || session === undefined) return null;
  return { clientId: Buffer.from(name, 'base64url').toString(), session, offset: Number(offset) };
}
