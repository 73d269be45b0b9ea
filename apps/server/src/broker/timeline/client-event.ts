/** What can happen to a client; what it was refused at the door is counted with the refusals. */
export const clientEventKinds = ['connected', 'disconnected', 'renamed', 'kicked'] as const;

/** One thing that happened to a client. */
export interface ClientEvent {
  readonly clientId: string;
  readonly kind: (typeof clientEventKinds)[number];
  /** In ms since the epoch. */
  readonly at: number;
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string | null;
  /** Why the connection ended; what the operator said of a kick. */
  readonly reason: string | null;
  /** How long it had been connected when it went. */
  readonly connectedForMs: number | null;
  /** Who did it, where it was an operator. */
  readonly operator: string | null;
}
