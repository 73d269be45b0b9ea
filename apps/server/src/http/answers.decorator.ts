import { HttpCode, SerializeOptions, applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** What this route does, in the words of the published document. */
export function Summary(summary: string): MethodDecorator {
  return ApiOperation({ summary });
}

type SuccessStatus = 200 | 201 | 204;

/** What this route answers: the schema is enforced on the way out, so that nothing else ever leaves, and published. */
export function Answers(schema: z.ZodType | null, status: SuccessStatus = 200): MethodDecorator {
  const description = { 200: 'Done.', 201: 'Created.', 204: 'Done; there is nothing to say.' }[status];
  if (!schema) return applyDecorators(HttpCode(status), ApiResponse({ status, description }));
  return applyDecorators(
    HttpCode(status),
    SerializeOptions({ schema }),
    ApiResponse({ status, description, standardSchema: schema }),
  );
}

/** Which errors this route answers with, besides those that follow from `@Allow`. */
export function Problems(...statuses: (keyof typeof descriptions)[]): MethodDecorator {
  return applyDecorators(...statuses.map(problemResponse));
}

const descriptions = {
  400: 'The request cannot be understood.',
  401: 'Nobody is signed in, or the credentials are wrong.',
  403: 'Not allowed.',
  404: 'There is no such thing.',
  409: 'Not possible in the present state.',
  412: 'The revision named is not the live one; `current` is.',
  413: 'The body is too large.',
  415: 'The body is of another kind.',
  422: 'Some fields are not valid; `errors` lists them all.',
  428: 'If-Match is missing.',
  429: 'Too many attempts; see Retry-After.',
  503: 'The database or the broker is not available.',
} as const;

function problemResponse(status: keyof typeof descriptions): MethodDecorator {
  return ApiResponse({
    status,
    description: descriptions[status],
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
}
