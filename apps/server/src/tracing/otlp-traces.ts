import { hostname } from 'node:os';
import {
  type Context,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { version } from '../config/version.js';
import type { Span, SpanFacts, SpanStart, Traces } from './traces.js';

/** Spans that wait to be sent; what would be one more is lost. */
const MOST_WAITING = 2_048;
const SEND_EVERY_MS = 2_000;
const SEND_TIMEOUT_MS = 5_000;
const LONGEST_TEXT = 1_024;
/** The same outage is told once in so long. */
const TELL_EVERY_MS = 60_000;

/** Where traces go. */
export interface OtlpOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The share of what begins here that is traced, 0 to 1. */
  readonly ratio: number;
  /** Told why they could not be sent, once a minute. */
  readonly failed: (reason: string) => void;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER } as const;

/** Traces over OTLP/HTTP. Nothing of it is global: a process may hold several servers. */
export class OtlpTraces implements Traces {
  private readonly contexts = new AsyncLocalStorageContextManager().enable();
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ url, headers, ratio, failed }: OtlpOptions) {
    const exporter = telling(
      new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: SEND_TIMEOUT_MS }),
      failed,
    );
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': 'perch',
        'service.version': version,
        'service.instance.id': hostname(),
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanLimits: { attributeValueLengthLimit: LONGEST_TEXT },
      spanProcessors: [
        new BatchSpanProcessor({ exporter, maxQueueSize: MOST_WAITING, scheduledDelayMillis: SEND_EVERY_MS }),
      ],
    });
    this.tracer = this.provider.getTracer('perch', version);
  }

  begin(name: string, { kind, facts, traceparent, startedAt }: SpanStart = {}): Span {
    const options = { kind: kind && kinds[kind], attributes: facts, startTime: startedAt };
    return new OpenSpan(this.tracer.startSpan(name, options, this.contextOf(traceparent)));
  }

  within<T>(span: Span, work: () => T): T {
    if (!(span instanceof OpenSpan)) return work();
    return this.contexts.with(trace.setSpan(this.contexts.active(), span.span), work);
  }

  close(): Promise<void> {
    return this.provider.shutdown().catch(() => undefined);
  }

  private contextOf(traceparent: string | undefined): Context {
    const caller = traceparent === undefined ? null : parseTraceParent(traceparent);
    return caller ? trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true }) : this.contexts.active();
  }
}

class OpenSpan implements Span {
  constructor(readonly span: OtelSpan) {}

  rename(name: string): void {
    this.span.updateName(name);
  }

  add(facts: SpanFacts): void {
    this.span.setAttributes(facts);
  }

  failed(error: unknown): void {
    // The class alone: a message may hold what a client sent.
    this.span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    this.span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.span.end();
  }
}

/** Says when spans could not be sent; the SDK itself is silent about that. */
function telling(exporter: SpanExporter, failed: (reason: string) => void): SpanExporter {
  let toldAt = -Infinity;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error && performance.now() - toldAt > TELL_EVERY_MS) {
          toldAt = performance.now();
          failed(result.error.message);
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
