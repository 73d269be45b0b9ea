import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from './api-error.js';
import { inPlainWords } from './plain-issue.js';
import type { FieldError } from './problem.js';

/** Checks what a route takes against its schema, and names every field that is wrong: 422 in a body, 400 in a URL. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema = metadata.schema as z.ZodType | undefined;
    if (!schema) return value;
    const isBody = metadata.type === 'body';
    const parsed = schema.safeParse(isBody ? (value ?? {}) : { ...(value as object) }, inPlainWords);
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues.flatMap(fieldErrors);
    throw new ApiError(isBody ? 'invalid-fields' : 'bad-request', sentence(errors), { errors });
  }
}

/** What is wrong, field by field. */
export function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  // One error per field that should not be there, at that field.
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not a known field' }));
  }
  return [{ path: issue.path.join('.'), message: issue.message }];
}

function sentence(errors: readonly FieldError[]): string {
  const [first] = errors;
  const others =
    errors.length > 1 ? ` There ${errors.length === 2 ? 'is one more error' : `are ${errors.length - 1} more`}.` : '';
  return `${first?.path || 'The body'}: ${first?.message ?? 'is not valid'}.${others}`;
}
