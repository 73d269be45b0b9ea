/** How long ago a client may have come or gone, in ms. */
export const sinceRanges = { '15m': 15 * 60_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 } as const;

export type SinceRange = keyof typeof sinceRanges;
