import type { Loss } from '@perch/broker';
import type { Rule } from '@perch/policy';
import { Injectable, Logger } from '@nestjs/common';
import { byItself } from '../../http/actor.js';
import type { RuleEndObserver } from '../../policy/policy-push.js';
import { PolicyService } from '../../policy/policy.service.js';
import { AuditService } from '../audit/audit.service.js';
import { lossesDoc } from './losses.js';
import { ruleDoc } from './policy-doc.js';

/** Nobody does it: time does. */
const perch = byItself('rule-end');

/** Writes down what happens to rules without an operator. */
@Injectable()
export class RuleEndLog implements RuleEndObserver {
  private readonly log = new Logger('policy');

  constructor(
    private readonly audit: AuditService,
    private readonly policy: PolicyService,
  ) {}

  ended(rules: readonly Rule[], losses: readonly Loss[]): void {
    const lost = lossesDoc(losses);
    this.log.log(
      `Rules that have ended: ${named(rules)}. They took ${lost.total} things from ${lost.clients} clients.`,
    );
    const object = `policy/${this.policy.current.revision}`;
    this.audit
      .record(perch, { action: 'rules.end', object, before: { rules: rules.map(ruleDoc) }, after: { lost } })
      .catch((error: unknown) => this.log.error(`The end of rules is not in the audit log: ${String(error)}`));
  }

  endSoon(rules: readonly Rule[]): void {
    this.log.warn(`Rules that end within 24 hours: ${named(rules)}.`);
  }
}

function named(rules: readonly Rule[]): string {
  return rules.map(({ id, validUntil }) => `${id} (${validUntil})`).join(', ');
}
