import type { Clock } from '@perch/broker';

/** When a server is left alone, and for how long. */
export interface BreakerLimits {
  /** Failures in a row. */
  readonly failures: number;
  readonly restMs: number;
}

export const usualBreakerLimits: BreakerLimits = { failures: 5, restMs: 5_000 };

/**
 * Leaves a server alone that fails again and again, and then lets one request at a time find out whether it is back.
 *
 *     closed --failures in a row--> open --rest--> half open --success--> closed
 *                                     ^-------failure------|
 */
export class CircuitBreaker {
  private failures = 0;
  private openUntil = Number.NEGATIVE_INFINITY;
  private isProbing = false;

  constructor(
    private readonly clock: Pick<Clock, 'uptime'>,
    private readonly limits: BreakerLimits = usualBreakerLimits,
  ) {}

  get isOpen(): boolean {
    return this.failures >= this.limits.failures;
  }

  /** Whether a request may be made now; who may has to tell how it went. */
  admits(): boolean {
    if (!this.isOpen) return true;
    if (this.isProbing || this.clock.uptime() < this.openUntil) return false;
    this.isProbing = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.isProbing = false;
  }

  failed(): void {
    this.failures++;
    this.isProbing = false;
    if (this.isOpen) this.openUntil = this.clock.uptime() + this.limits.restMs;
  }
}
