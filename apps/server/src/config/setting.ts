import { resolve } from 'node:path';
import { z } from 'zod';

/** What people are told about a setting. */
export interface SettingNotes {
  readonly describe: string;
  /** Completes "is not …" in an error. */
  readonly allowed: string;
  readonly isSecret?: boolean;
}

/** The notes of each setting of the schema. */
export const settingNotes = z.registry<SettingNotes>();

// The environment and flags know only text; the file has types. One schema reads both.
const fromText = (pattern: RegExp, read: (text: string) => unknown) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value) ? read(value) : value;

/** A whole number, also as text. */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(fromText(/^\d+$/, Number), z.number().int().min(min).max(max));
}

/** A number from 0 to 1, also as text. */
export function share() {
  return z.preprocess(fromText(/^(0|1|0?\.\d+)$/, Number), z.number().min(0).max(1));
}

/** true or false, also as text. */
export function yesOrNo() {
  return z.preprocess(
    fromText(/^(true|false)$/, (text) => text === 'true'),
    z.boolean(),
  );
}

/** A port number or `off`, also as text. */
export function portOrOff() {
  return z.preprocess(fromText(/^\d+$/, Number), z.union([z.number().int().min(0).max(65_535), z.literal('off')]));
}

/** A list, in the environment and flags with commas between. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
    z.array(item),
  );
}

/** Structured settings are JSON where only text can be given. */
export function fromJson<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === 'string' ? parsed(value) : value), schema);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The path of a file, whole. */
export function filePath() {
  return z
    .string()
    .min(1)
    .transform((path) => resolve(path));
}

/** The notes that several settings share. */
export const FILE = 'the path of a file';
export const PORT = 'a port number from 0 to 65535 (0 picks a free one)';
export const PORT_OR_OFF = 'a port number from 0 to 65535 (0 picks a free one) or off';
