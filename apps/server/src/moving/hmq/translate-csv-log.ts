import { basename, dirname, extname } from 'node:path';
import { isValidFilter } from '@perch/policy';
import { z } from 'zod';
import { type BridgeAction, bridgeActions } from '../../config/bridge.schema.js';

const MIB = 1024 * 1024;
/** The bounds of the settings. */
const YEAR_SECONDS = 31_536_000;
const LARGEST_FILE_MIB = MIB;
const MOST_FILES = 10_000;
const LONGEST_LINGER_MS = 60_000;

const count = z.int().min(0).catch(0);

/** The file of HMQ's bridge csvlog. Without a name it counts for nothing, as there. */
const CsvLog = z.object({
  fileName: z.string().min(1),
  logFileMaxSizeMB: count,
  logFileMaxFiles: count,
  writeIntervalSecs: count,
  filters: z.array(z.string()).catch([]),
});

/** A bridge, and how it differs from what HMQ did. */
export interface CsvLogTranslation {
  /** One of the list `bridges`; null where no file was written. */
  readonly bridge: object | null;
  readonly says: string;
}

/** What becomes of the bridge csvlog, whose own file says this (null: there is none). */
export function translateCsvLog(file: unknown): CsvLogTranslation {
  const read = CsvLog.safeParse(file);
  if (!read.success) {
    const bridge = { name: 'hmq', kind: 'csv', folder: 'bridge', events: bridgeActions };
    return { bridge, says: 'It has no file of its own here: a bridge to bridge/hmq.csv, of everything.' };
  }
  const { fileName, logFileMaxSizeMB, logFileMaxFiles, writeIntervalSecs, filters } = read.data;
  if (/^\{.*\}$/.test(fileName)) return { bridge: null, says: `It wrote no file, but to ${fileName}: left out.` };
  const name = nameOf(fileName);
  const topics = filters.filter(isValidFilter);
  const wrong = filters.filter((filter) => !isValidFilter(filter));
  const bridge = {
    ...{ name, kind: 'csv', folder: dirname(fileName), events: eventsOf(filters) },
    ...(topics.length > 0 && { topics }),
    maxFileBytes: Math.min(logFileMaxSizeMB || LARGEST_FILE_MIB, LARGEST_FILE_MIB) * MIB,
    // It puts files aside by their size alone, and counts only those.
    maxFileSeconds: YEAR_SECONDS,
    keepFiles: Math.min(logFileMaxFiles === 0 ? MOST_FILES : logFileMaxFiles + 1, MOST_FILES),
    lingerMs: Math.min(writeIntervalSecs * 1000, LONGEST_LINGER_MS),
  };
  const without = wrong.length > 0 ? ` No filters, and left out: ${wrong.join(', ')}.` : '';
  const says = `A bridge to ${name}.csv in ${bridge.folder}, with more columns and a header; it takes no commands.${without}`;
  return { bridge, says };
}

/** A connection has no topic: with filters HMQ writes of it only where one of them is `#`. */
function eventsOf(filters: readonly string[]): readonly BridgeAction[] {
  const isEverything = filters.length === 0 || filters.includes('#');
  return isEverything ? bridgeActions : ['publish', 'subscribe', 'unsubscribe'];
}

function nameOf(fileName: string): string {
  const name = basename(fileName, extname(fileName))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return /[a-z0-9][a-z0-9-]{0,31}/.exec(name)?.[0] ?? 'hmq';
}
