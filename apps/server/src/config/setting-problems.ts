import { z } from 'zod';
import type { GivenValue } from './config-sources.js';
import { listenerSchema, listenerTlsSchema } from './listener.schema.js';
import { findNearest } from './setting-names.js';
import { settingNotes } from './setting.js';

/** What is wrong with a value, in whole sentences: of a list of listeners or bridges each field by its name. */
export function describeProblems(
  { setting, value, source }: GivenValue,
  issues: readonly z.core.$ZodIssue[],
): string[] {
  if (setting.key === 'listeners' && Array.isArray(asJson(value)))
    return issues.map((issue) => describeField(issue, asJson(value), source));
  if (setting.key === 'bridges' && Array.isArray(asJson(value)))
    return issues.map(({ path, message }) => `${z.core.toDotPath(['bridges', ...path])} from ${source}: ${message}.`);
  const shown = setting.isSecret ? 'the value' : JSON.stringify(value);
  return [`${setting.key}: ${shown} from ${source} is not ${setting.allowed}.`];
}

function describeField(issue: z.core.$ZodIssue, value: unknown, source: string): string {
  // Of a list within an entry the whole is named: that is what was written.
  const path = issue.path.map(String).slice(0, issue.path[1] === 'tls' ? 3 : 2);
  const name = fieldName(path);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const nearest = findNearest(
      key,
      Object.keys(path.includes('tls') ? listenerTlsSchema.shape : listenerSchema.shape),
    );
    return `Unknown key ${name}.${key} in ${source}.${nearest ? ` Did you mean ${nearest}?` : ''}`;
  }
  const allowed = allowedAt(path);
  const given = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
  if (given === undefined) return `${name} is missing in ${source}: give it ${allowed}.`;
  return `${name}: ${JSON.stringify(given)} from ${source} is not ${allowed}.`;
}

function fieldName([index, ...keys]: readonly string[]): string {
  return [`listeners[${index}]`, ...keys].join('.');
}

function allowedAt([, field, inner]: readonly string[]): string {
  if (field === undefined) return 'an object';
  const outer = listenerSchema.shape[field as keyof typeof listenerSchema.shape];
  const schema =
    field === 'tls' && inner ? listenerTlsSchema.shape[inner as keyof typeof listenerTlsSchema.shape] : outer;
  return settingNotes.get(schema)?.allowed ?? 'known';
}

function asJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
