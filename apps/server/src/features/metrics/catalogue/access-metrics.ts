import type { Broker } from '@perch/broker';
import type { RefusalLog } from '../../../broker/refusals/refusal-log.js';
import type { PolicyService } from '../../../policy/policy.service.js';
import { type Metric, metricsOf } from './metric.js';

/** What was refused, and by what. */
export function accessMetrics({ counters }: Broker, policy: PolicyService, log: RefusalLog): readonly Metric[] {
  const { counter, gauge } = metricsOf('access', 'count');
  return [
    counter(
      'perch_refused_actions_total',
      'Refusals by what was wanted: connect, publish, subscribe, will; delivery: a topic cut out of a subscription.',
      { label: 'action', read: () => counters.refusedActions },
    ),
    counter('perch_refusals_total', 'Refusals by reason, over all protocols.', {
      label: 'reason',
      read: () => counters.refusals,
    }),
    counter(
      'perch_authorizer_unanswered_total',
      'Questions that an authorizer did not answer in time, or failed at.',
      () => counters.unanswered,
    ),
    counter(
      'perch_authorizer_answers_forgotten_total',
      'Answers of an authorizer that were forgotten at their bound.',
      () => counters.answersForgotten,
    ),
    gauge(
      'perch_refusals_not_recorded',
      'Refusals that are counted here and in no row of the database.',
      () => log.notKept,
    ),
    gauge('perch_policy_revision', 'The number of the policy that is in force.', () => policy.current.revision),
    gauge('perch_policy_rules', 'Rules of the policy that is in force.', () => policy.current.policy.rules.length),
  ];
}
