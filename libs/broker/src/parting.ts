/** Reason codes that an operator may send an MQTT 5 client away with [MQTT5 3.14.2.1]; the first is the usual one. */
export const KICK_CODES = [0x98, 0x80, 0x87, 0x89, 0x8b, 0x96, 0x97, 0x9c, 0x9d, 0x9f, 0xa0] as const;

export type KickCode = (typeof KICK_CODES)[number];

/** What a client that is sent away is told beyond the kind of the refusal, where its protocol has words for it. */
export interface Parting {
  /** For people. */
  readonly reason?: string | null | undefined;
  /** In place of the code that the refusal has. */
  readonly reasonCode?: KickCode | undefined;
}
