import type { Counters } from '@perch/broker';
import type { HttpDoors } from '../../../broker/callers/http-doors.js';
import type { LeaseBook } from '../../../broker/registry/lease-book.js';
import type { IdempotentAnswers } from '../../../http/idempotent-answers.js';
import { type Metric, metricsOf } from './metric.js';

/** What the doors that are bare HTTP are read from. */
export interface HttpFigures {
  readonly counters: Counters;
  readonly doors: HttpDoors;
  readonly answers: IdempotentAnswers;
  readonly registry: LeaseBook;
}

/** Messages, batches, events of FLOCK, event streams and the registry: what clients do without a connection of their own. */
export function httpMetrics({ doors, answers, counters, registry }: HttpFigures): readonly Metric[] {
  return [...requests(doors), ...repeats(answers), ...streams(counters), ...ofRegistry(registry)];
}

function requests({ at: { publish, batch, event, subscribe, registry } }: HttpDoors): readonly Metric[] {
  const { counter } = metricsOf('http', 'count');
  const refusals = (name: string, of: string, read: () => Record<string, number>) =>
    counter(`perch_http_${name}_refusals_total`, `${of} that were refused, by the code of the answer.`, {
      label: 'reason',
      read,
    });
  return [
    counter('perch_http_requests_total', 'Requests of clients over HTTP, refused ones included.', {
      label: 'door',
      read: () => ({
        publish: publish.requests,
        batch: batch.requests,
        event: event.requests,
        subscribe: subscribe.requests,
        registry: registry.requests,
      }),
    }),
    counter('perch_http_published_messages_total', 'Messages that were taken over HTTP.', {
      label: 'door',
      read: () => ({ publish: publish.messages, batch: batch.messages, event: event.messages }),
    }),
    refusals('publish', 'Requests to publish', () => publish.refusals),
    refusals('batch', 'Batches, and messages of them,', () => batch.refusals),
    refusals('event', 'Events of FLOCK', () => event.refusals),
    refusals('subscribe', 'Event streams', () => subscribe.refusals),
    refusals('registry', 'Requests to the registry', () => registry.refusals),
  ];
}

function repeats(answers: IdempotentAnswers): readonly Metric[] {
  const { counter, gauge } = metricsOf('http', 'count');
  return [
    counter(
      'perch_http_repeated_requests_total',
      'Requests to publish with an Idempotency-Key that were answered before.',
      () => answers.repeated,
    ),
    counter(
      'perch_http_forgotten_answers_total',
      'Answers to an Idempotency-Key that were forgotten at their bound.',
      () => answers.forgotten,
    ),
    gauge(
      'perch_http_remembered_results',
      'Results that are remembered for requests with an Idempotency-Key.',
      () => answers.results,
    ),
  ];
}

function streams(counters: Counters): readonly Metric[] {
  const { counter, gauge } = metricsOf('http', 'count');
  return [
    gauge('perch_event_streams', 'Event streams that are open.', () => counters.streamsOpened - counters.streamsClosed),
    counter('perch_event_streams_opened_total', 'Event streams that were opened.', () => counters.streamsOpened),
    counter(
      'perch_event_streams_sent_messages_total',
      'Messages that were written to event streams.',
      () => counters.eventsSent,
    ),
    counter(
      'perch_event_streams_dropped_messages_total',
      'Messages that readers of event streams were too slow for.',
      () => counters.eventsDropped,
    ),
  ];
}

function ofRegistry(book: LeaseBook): readonly Metric[] {
  const { counter, gauge } = metricsOf('http', 'count');
  return [
    gauge('perch_registry_instances', 'Instances of services in the registry of FLOCK.', () => book.size),
    gauge('perch_registry_instances_limit', 'Instances that there may be.', () => book.bounds.inAll),
    counter('perch_registry_registered_total', 'Instances that were registered there.', () => book.registered),
    counter('perch_registry_expired_total', 'Instances whose lease ended there.', () => book.expired),
  ];
}
