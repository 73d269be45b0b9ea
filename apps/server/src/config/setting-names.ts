import { configSchema, type ConfigKey } from './config.schema.js';
import { settingNotes, type SettingNotes } from './setting.js';

/** A setting under each of its names. */
export interface NamedSetting extends SettingNotes {
  readonly key: ConfigKey;
  readonly variable: string;
  readonly flag: string;
  readonly defaultValue: unknown;
}

/** All settings, in the order of the schema. */
export const namedSettings: readonly NamedSetting[] = Object.entries(configSchema.shape).map(([key, schema]) => {
  const notes = settingNotes.get(schema);
  if (!notes) throw new Error(`The setting ${key} has no notes.`);
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    ...notes,
    key: key as ConfigKey,
    variable: key === 'databaseUrl' ? 'DATABASE_URL' : `PERCH_${words.replaceAll('-', '_').toUpperCase()}`,
    flag: `--${words}`,
    defaultValue: schema.safeParse(undefined).data,
  };
});

/** The name that was probably meant, or null when none is near. */
export function findNearest(name: string, names: readonly string[]): string | null {
  const ranked = names.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, name.length / 3) ? best.candidate : null;
}

/** Levenshtein: how many letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const change = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
