import { z } from 'zod';

/** An instant in an answer: ISO 8601 in UTC. */
export const instant = z.string().meta({ format: 'date-time' });

/** One line of text that Postgres and every terminal can hold: no control characters, no lone surrogates. */
export function line(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters');
}

/** Text of several lines. */
export function text(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine((value) => !/[^\P{Cc}\t\r\n]|\p{Cs}/u.test(value), 'must not contain control characters');
}

/** The name of an operator or of a user. */
export const name = line(256)
  .min(1)
  .refine((value) => value.trim() === value, 'must not begin or end with a space');

/** A secret that a person chooses. Spaces at its ends count. */
export function password(minLength: number) {
  return z.string().min(minLength, `must have at least ${minLength} characters`).max(1024);
}

/** Anything else in a query: bounded, since it is only compared with. */
export const needle = line(1024);

/** A yes or no in a query. */
export const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

export const IdParam = z.strictObject({ id: z.string().max(64) });

export type IdParam = z.infer<typeof IdParam>;
