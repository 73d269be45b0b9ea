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

/** true or false, also as text. */
export function yesOrNo() {
  return z.preprocess(
    fromText(/^(true|false)$/, (text) => text === 'true'),
    z.boolean(),
  );
}
