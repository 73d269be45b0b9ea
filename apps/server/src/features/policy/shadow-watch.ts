import { Injectable } from '@nestjs/common';
import type { ShadowDifference } from '@perch/policy';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { PolicyService } from '../../policy/policy.service.js';
import type { ShadowReport } from './shadow.schemas.js';
import { ShadowTally } from './shadow-tally.js';

/** Hears of each judgement that the shadow would have made otherwise, and counts it. */
@Injectable()
export class ShadowWatch {
  private tally = new ShadowTally();

  constructor(
    policy: PolicyService,
    private readonly refusals: RefusalLog,
  ) {
    policy.watchShadow((difference) => this.heard(difference));
  }

  report(): ShadowReport {
    return this.tally.report();
  }

  /** Forgets what was counted. */
  startAnew(): void {
    this.tally = new ShadowTally();
  }

  private heard(difference: ShadowDifference): void {
    this.tally.add(difference);
    const { identity, action, topic, change, ruleId, shadow } = difference;
    if (change === 'allowed' || change === 'widened') return;
    this.refusals.record({
      ...identity,
      action,
      topic,
      refusal: 'not-authorized',
      ruleId,
      by: shadow.by,
      shadow: true,
    });
  }
}
