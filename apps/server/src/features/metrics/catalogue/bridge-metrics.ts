import type { Bridge } from '../../bridges/bridge.js';
import type { BridgesService } from '../../bridges/bridges.service.js';
import { type Metric, metricsOf } from './metric.js';

/** What the bridges hand on, each by its name. */
export function bridgeMetrics(bridges: Pick<BridgesService, 'figures'>): readonly Metric[] {
  const { counter, gauge } = metricsOf('messages', 'count');
  const of = (read: (bridge: Bridge) => number) => ({ label: 'bridge', read: () => bridges.figures(read) });
  return [
    counter(
      'perch_bridge_sent_events_total',
      'Events that arrived where a bridge leads.',
      of(({ sent }) => sent),
    ),
    counter(
      'perch_bridge_lost_events_total',
      'Events that found no room in the queue of a bridge, or were given up.',
      of(({ dropped, deadLettered }) => dropped + deadLettered),
    ),
    counter(
      'perch_bridge_failures_total',
      'Tries of a bridge that failed.',
      of(({ failed }) => failed),
    ),
    gauge(
      'perch_bridge_queued_events',
      'Events that wait for a bridge.',
      of(({ queued }) => queued),
    ),
  ];
}
