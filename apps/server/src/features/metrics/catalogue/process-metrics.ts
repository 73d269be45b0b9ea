import { nodeName } from '../../server-info/node-name.js';
import { version } from '../../../config/version.js';
import type { ProcessProbe } from '../process-probe.js';
import { type Metric, metricsOf } from './metric.js';

const MICROSECONDS = 1e-6;

/** How this process is, under the names that the usual dashboards for Node.js know. */
export function processMetrics(probe: ProcessProbe): readonly Metric[] {
  return [...identity(), ...cpu(), ...memory(), ...eventLoop(probe)];
}

function identity(): readonly Metric[] {
  const { gauge } = metricsOf('process', 'bool');
  return [
    gauge('perch_build_info', 'The version of the server; always 1.', {
      label: 'version',
      read: () => ({ [version]: 1 }),
    }),
    gauge('perch_node_info', 'The name of this process among others; always 1.', {
      label: 'node',
      read: () => ({ [nodeName]: 1 }),
    }),
    gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', {
      unit: 'seconds',
      read: () => Math.round(performance.timeOrigin / 1000),
    }),
  ];
}

function cpu(): readonly Metric[] {
  const { counter } = metricsOf('process', 'seconds');
  return [
    counter(
      'process_cpu_user_seconds_total',
      'CPU time of the process outside of the kernel.',
      () => process.cpuUsage().user * MICROSECONDS,
    ),
    counter(
      'process_cpu_system_seconds_total',
      'CPU time of the process in the kernel.',
      () => process.cpuUsage().system * MICROSECONDS,
    ),
  ];
}

function memory(): readonly Metric[] {
  const { gauge } = metricsOf('process', 'bytes');
  return [
    gauge('process_resident_memory_bytes', 'Memory that the process has of the system.', () =>
      process.memoryUsage.rss(),
    ),
    gauge('nodejs_heap_size_used_bytes', 'What is used of the JavaScript heap.', () => process.memoryUsage().heapUsed),
    gauge('nodejs_heap_size_total_bytes', 'The JavaScript heap.', () => process.memoryUsage().heapTotal),
    gauge(
      'nodejs_external_memory_bytes',
      'Memory of buffers, which are not in the heap.',
      () => process.memoryUsage().external,
    ),
  ];
}

function eventLoop(probe: ProcessProbe): readonly Metric[] {
  const { gauge } = metricsOf('process', 'seconds');
  return [
    gauge(
      'nodejs_eventloop_lag_seconds',
      'How late timers were in the last second, in the mean.',
      () => probe.lagMeanSeconds,
    ),
    gauge('nodejs_eventloop_lag_max_seconds', 'How late the latest timer was in the last 15 seconds.', {
      summary: 'max',
      read: () => probe.lagMaxSeconds,
    }),
    gauge('nodejs_eventloop_utilization_ratio', 'The part of the last second in which the event loop was busy.', {
      unit: 'ratio',
      read: () => probe.utilization,
    }),
  ];
}
