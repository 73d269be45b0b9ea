import type { z } from 'zod';
import { inPlainWords } from '../../http/plain-issue.js';
import type { HookAnswer } from './hook-client.js';

/** What a hook that speaks JSON answered, as the schema has it; or what is wrong with it. */
export function readJsonAnswer<Schema extends z.ZodType>(
  schema: Schema,
  { status, body }: Exclude<HookAnswer, { readonly problem: string }>,
): { readonly data: z.output<Schema> } | { readonly problem: string } {
  if (status !== 200) return { problem: `It answered ${status} instead of 200 with a result.` };
  const parsed = schema.safeParse(parse(body), inPlainWords);
  if (parsed.success) return { data: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `Its answer cannot be used: ${issue?.path.join('.') || 'the body'}: ${issue?.message}.` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
