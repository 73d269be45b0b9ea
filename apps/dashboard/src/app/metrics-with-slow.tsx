import { MetricsPage } from '../features/metrics/metrics-page.js';
import { SlowSubscribers } from '../features/overview/slow-subscribers.js';

/** The metrics, with the clients that are behind beside the figures of the queues. */
export function MetricsWithSlow() {
  return <MetricsPage above={{ delivery: <SlowSubscribers /> }} />;
}
