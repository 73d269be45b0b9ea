import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAclConf, type ParsedAclConf } from '@perch/policy';
import type { ConfigInput } from '../../config/read-config.js';

/** Files that an HMQ would read beside its configuration. */
export interface HmqFiles {
  /** The rules in its acl.conf; null where there is no such file. */
  rules(path: string): ParsedAclConf | null;
  /** What is in the file of its bridge csvlog; null where there is none, as it has to be for HMQ's defaults. */
  csvLog(): unknown;
}

/** Where HMQ looks for the file of csvlog, in this order. */
const CSV_LOG_FILES = ['plugins/csvlog/csvlogconfig.json', 'csvlogconfig.json'];

/** Those that it would find here. */
export function hmqFiles({ cwd, env }: Pick<ConfigInput, 'cwd' | 'env'>): HmqFiles {
  const read = (path: string) => readText(resolve(cwd, path));
  return {
    rules(path) {
      const text = read(path);
      // As HMQ documents it: 1 is pub, 2 is sub.
      return text === null ? null : parseAclConf(text, { digits: 'pub-sub' });
    },
    csvLog() {
      const files = [env['CSVLOGCONFFILE'] ?? '', ...CSV_LOG_FILES].filter((path) => path !== '');
      const file = files.find((path) => existsSync(resolve(cwd, path)));
      return file === undefined ? null : parse(read(file) ?? '');
    },
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // That it cannot be read is told with the line that names it.
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // HMQ goes on with its defaults, too.
    return null;
  }
}
