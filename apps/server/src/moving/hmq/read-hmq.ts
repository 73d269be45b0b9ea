import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HmqValue } from './translate-hmq.js';

/** A command line that is meant for HMQ. */
export interface HmqCommandLine {
  readonly values: readonly HmqValue[];
  /** Flags that are Perch's own; they win. */
  readonly others: readonly string[];
}

/** What HMQ's flags are called in its configuration file; Go takes one dash or two. */
const flagKeys: Readonly<Record<string, string>> = {
  w: 'workerNum',
  worker: 'workerNum',
  p: 'port',
  port: 'port',
  host: 'host',
  ws: 'wsPort',
  wsport: 'wsPort',
  wsp: 'wsPath',
  wspath: 'wsPath',
  hp: 'httpPort',
  httpport: 'httpPort',
  cp: 'cluster',
  clusterport: 'cluster',
  r: 'router',
  router: 'router',
  c: 'config',
  config: 'config',
  d: 'debug',
  D: 'debug',
  debug: 'debug',
};
/** Perch has them, too: they alone say nothing. */
const shared = new Set(['host', 'config']);
/** Keys of an hmq.config that perch.config.json does not have. */
const ownKeys =
  /^(workerNum|port|wsPort|wsPath|wsTLS|tlsPort|tlsHost|tlsInfo|acl|aclConf|cluster|router|plugins|debug)$/;

/** What HMQ would have been told by these arguments; null where they are not meant for it. */
export function readHmq(args: readonly string[], cwd: string): HmqCommandLine | null {
  const { flags, others, isHmq } = readFlags(args);
  const file = flags.findLast(({ key }) => key === 'config')?.value;
  const inFile = typeof file === 'string' ? readFile(file, cwd) : null;
  if (!isHmq && inFile === null) return null;
  // As HMQ does: a file replaces what the flags say, so a port that it does not name is not opened.
  if (inFile !== null) return { values: inFile, others };
  const own = flags.filter(({ key }) => key !== 'config');
  const hasPort = own.some(({ key }) => key === 'port');
  const usual = { key: 'port', value: '1883', place: 'the default of HMQ' };
  return {
    values: hasPort ? own : [usual, ...own],
    others: typeof file === 'string' ? ['--config', file, ...others] : others,
  };
}

function readFlags(args: readonly string[]) {
  const flags: HmqValue[] = [];
  const others: string[] = [];
  let isHmq = false;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name = '', inline] = /^--?([A-Za-z]+)(?:=(.*))?$/.exec(arg) ?? [];
    const key = flagKeys[name];
    if (key === undefined) {
      others.push(arg);
      continue;
    }
    isHmq ||= !shared.has(name);
    const value = key === 'debug' ? inline !== 'false' : (inline ?? rest.shift() ?? '');
    flags.push({ key, value, place: `the flag ${arg.split('=')[0] ?? arg}` });
  }
  return { flags, others, isHmq };
}

/** The values of an hmq.config; null where the file is none, or cannot be read, which is told by who reads it next. */
function readFile(file: string, cwd: string): HmqValue[] | null {
  try {
    const content: unknown = JSON.parse(readFileSync(resolve(cwd, file), 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
    if (!Object.keys(content).some((key) => ownKeys.test(key))) return null;
    return Object.entries(content).map(([key, value]) => ({ key, value: value as unknown, place: file }));
  } catch {
    // Not JSON or not there: the reader of perch.config.json says so.
    return null;
  }
}
