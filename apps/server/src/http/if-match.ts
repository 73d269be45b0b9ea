import { type ExecutionContext, applyDecorators, createParamDecorator } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { PerchRequest } from './perch-request.js';
import { ApiError } from './api-error.js';

/** The revision that the caller believes is live, from `If-Match: "<n>"`; null when it names none. */
export const IfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): number | null =>
  parseIfMatch(context.switchToHttp().getRequest<PerchRequest>().header('if-match')),
);

/** Documents the header on routes that read it. */
export function ApiIfMatch(required: boolean): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required,
      description: 'The revision that was changed, as in the ETag: `"12"`.',
      schema: { type: 'string' },
    }),
  );
}

/** Reads `"12"`, `W/"12"` or `12`. */
export function parseIfMatch(header: string | undefined): number | null {
  if (header === undefined) return null;
  const match = /^(?:W\/)?"?(\d{1,10})"?$/.exec(header.trim());
  if (!match) throw new ApiError('bad-request', 'If-Match must name one revision, such as "12".');
  return Number(match[1]);
}
