/** What the doctor says of one thing. */
export interface Finding {
  readonly verdict: 'ok' | 'warning' | 'error';
  readonly subject: string;
  readonly says: string;
  /** What to do about it. */
  readonly wayOut?: string;
}
