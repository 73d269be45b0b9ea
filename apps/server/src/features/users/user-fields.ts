import { parseAddressRange } from '@perch/policy';
import { z } from 'zod';
import { line, name, password, text } from '../../http/fields.js';

/** What a person may say of a user, one schema for each field. */
export const username = name;

export const userPassword = password(6);

export const note = text(2000);

export const clientIdBinding = z
  .strictObject({
    kind: z.enum(['any', 'exact', 'prefix']),
    text: line(1024).default('').describe('The client id, or what it begins with; empty for any.'),
  })
  .refine(({ kind, text }) => kind === 'any' || text !== '', { path: ['text'], message: 'must not be empty' })
  .refine(({ kind, text }) => kind !== 'any' || text === '', { path: ['text'], message: 'must be empty for any' })
  .describe('Which client ids the user may connect with.');

export const addresses = z
  .array(
    z
      .string()
      .max(64)
      .refine((value) => parseAddressRange(value) !== null, 'must be an IP address or a CIDR block, as in 10.0.0.0/8'),
  )
  .max(64)
  .describe('Addresses and CIDR blocks that the user may connect from; none: from anywhere.');

export const connectionLimit = z
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .describe('Connections at a time; null for as many as the broker lets in.');

export const validUntil = z.iso
  .datetime({ offset: true })
  .nullable()
  .describe('The user is let in until then; null for ever.');

export const label = z
  .string()
  .regex(/^[^\s,;\p{C}]{1,64}$/u, 'must be 1 to 64 characters without spaces, commas or semicolons')
  .describe('What a rule may name as its subject.');

export const MOST_LABELS = 32;

export const labels = z.array(label).max(MOST_LABELS);
