import type { ImportFile } from '../../features/policy/import.schemas.js';
import { CliError, exitCodes } from '../exit-codes.js';

/** What a file of rules is. `policy`, of our own format, is what the REST API takes. */
export type PolicyFile =
  | { readonly format: 'json'; readonly policy: object }
  | { readonly format: ImportFile['format']; readonly policy: null };

/** Sees of which format a file of rules is, unless that is said. */
export function parsePolicyFile(text: string, said?: PolicyFile['format']): PolicyFile {
  const format = said ?? seenFormat(text);
  if (format !== 'json') return { format, policy: null };
  const document = parseJson(text);
  if (document === null || !Array.isArray(document.rules))
    throw new CliError('The file is no policy: it has to be a JSON object with the list "rules".', exitCodes.usage);
  const { rules, settings, tests } = document;
  return { format, policy: { rules, ...(settings ? { settings } : {}), ...(tests ? { tests } : {}) } };
}

function seenFormat(text: string): PolicyFile['format'] {
  const document = parseJson(text);
  if (document) return Array.isArray(document.rules) ? 'json' : 'mosquitto-dynsec';
  // An acl.conf has commas between its fields, an acl_file of Mosquitto has words.
  return /^\s*(user|topic|pattern)\s/m.test(text) ? 'mosquitto-acl' : 'acl.conf';
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
