import type { EventSink } from '@perch/broker';
import type { Response } from 'express';

/** The response to one request as events are written to it; its head leaves with the first of them. */
export class ResponseSink implements EventSink {
  constructor(private readonly response: Response) {}

  write(chunks: readonly Buffer[]): boolean {
    const { response } = this;
    if (response.destroyed || response.writableEnded) return true;
    if (!response.headersSent) this.begin();
    return response.write(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  }

  end(): void {
    if (!this.response.writableEnded) this.response.end();
  }

  private begin(): void {
    this.response.status(200);
    this.response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    // A proxy that collects what it passes on would hold events back.
    this.response.setHeader('X-Accel-Buffering', 'no');
    this.response.flushHeaders();
  }
}
