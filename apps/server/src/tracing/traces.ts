/** What is said about a span: names as OpenTelemetry's conventions have them. Never a payload, password or token. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A part of the work that is measured, while it goes on. */
export interface Span {
  rename(name: string): void;
  add(facts: SpanFacts): void;
  failed(error: unknown): void;
  end(): void;
}

/** What a span is begun with. */
export interface SpanStart {
  readonly kind?: 'server' | 'client' | 'producer';
  readonly facts?: SpanFacts;
  /** The W3C trace context of whoever asked; anything that is none is ignored. */
  readonly traceparent?: string | undefined;
  /** Milliseconds since 1970; left out: now. */
  readonly startedAt?: number;
}

/** Measures work for a tracing system. Where nothing is traced there is none. */
export interface Traces {
  /** Begins a span that is a part of the one that is under way here. */
  begin(name: string, start?: SpanStart): Span;
  /** Does the work as parts of the span; its end is the caller's. */
  within<T>(span: Span, work: () => T): T;
  /** Sends what is held, and no more. */
  close(): Promise<void>;
}

/** Does the work in a span of its own, which ends with it. */
export async function traced<T>(
  traces: Traces,
  [name, start]: [string, SpanStart?],
  work: () => Promise<T>,
): Promise<T> {
  const span = traces.begin(name, start);
  try {
    return await traces.within(span, work);
  } catch (error) {
    span.failed(error);
    throw error;
  } finally {
    span.end();
  }
}
