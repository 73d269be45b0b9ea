import type { NextFunction, Request, Response } from 'express';
import type { PerchRequest } from '../http/perch-request.js';
import type { Traces } from './traces.js';

/** A span for each request, named for its route; what it leads to is a part of it. */
export function traceRequests(traces: Traces) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const span = traces.begin(request.method, {
      kind: 'server',
      traceparent: request.get('traceparent'),
      facts: { 'http.request.method': request.method, 'perch.request.id': (request as PerchRequest).requestId },
    });
    response.once('close', () => {
      const { path: route } = (request.route ?? {}) as { readonly path?: unknown };
      if (typeof route === 'string') {
        span.rename(`${request.method} ${route}`);
        span.add({ 'http.route': route });
      }
      span.add({ 'http.response.status_code': response.statusCode });
      if (response.statusCode >= 500) span.failed(new Error('server error'));
      span.end();
    });
    traces.within(span, next);
  };
}
