import type { JudgedClient } from './compiled-rule.js';
import { type PlaceholderValues, placeholderValues } from './placeholders.js';
import type { ClientIdentity } from './rule.js';

/** Who is judged, and whether the rules had to know that: where they had not, they say the same to others. */
export class WatchedClient implements JudgedClient {
  /** Some rule has asked who it is, or when. */
  wasLookedAt = false;
  private readonly ownValues: PlaceholderValues;

  constructor(
    identity: ClientIdentity,
    private readonly atMs: number,
  ) {
    this.ownValues = placeholderValues(identity);
  }

  get values(): PlaceholderValues {
    this.wasLookedAt = true;
    return this.ownValues;
  }

  get nowMs(): number {
    this.wasLookedAt = true;
    return this.atMs;
  }
}
