/** Why the broker ended the connection, and whether coming back can help. */
export const closeCodes = {
  /** The server is going down or restarting; reconnect after a pause. */
  goingAway: { code: 1001, reconnect: true },
  /** A frame was not text, not JSON, or not one of ours. */
  invalidFrame: { code: 4400, reconnect: false },
  /** The credentials are wrong, or the operator's sign-in has ended. */
  badCredentials: { code: 4401, reconnect: false },
  /** An operator disconnected or disabled this client. */
  kicked: { code: 4403, reconnect: false },
  /** Nothing was received for longer than the keep-alive, or no bind in time. */
  timeout: { code: 4408, reconnect: true },
  /** Another connection took the client id. */
  takenOver: { code: 4409, reconnect: false },
  /** A frame was larger than `maxFrameBytes`. */
  tooLarge: { code: 4413, reconnect: false },
  /** The client reads too slowly, or connects too often. */
  quotaExceeded: { code: 4429, reconnect: true },
  /** The broker's own fault. */
  internalError: { code: 4500, reconnect: true },
} as const;

/** The name of one close code. */
export type CloseName = keyof typeof closeCodes;
