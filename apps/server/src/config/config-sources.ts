import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileReason } from './file-reason.js';
import { findNearest, namedSettings, type NamedSetting } from './setting-names.js';

/** A value that somebody set, and where. */
export interface GivenValue {
  readonly setting: NamedSetting;
  readonly value: unknown;
  /** Completes "from …" in an error. */
  readonly source: string;
  readonly kind: 'file' | 'environment' | 'flag';
}

/** What one source says: values, and what is wrong with it, in whole sentences. */
export interface SourceReading {
  readonly values: readonly GivenValue[];
  readonly problems: readonly string[];
}

/** The command line, taken apart. */
export interface CommandLine extends SourceReading {
  readonly configFile: string | undefined;
  readonly wants: 'start' | 'help' | 'version';
}

/** Process environment, as Node has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const settingBy = (name: 'key' | 'variable' | 'flag'): ReadonlyMap<string, NamedSetting> =>
  new Map(namedSettings.map((setting) => [setting[name], setting]));
const byKey = settingBy('key');
const byVariable = settingBy('variable');
const byFlag = settingBy('flag');

const ownFlags = ['--config', '--help', '--version'];
const CONFIG_VARIABLE = 'PERCH_CONFIG';
/** These are no settings of the server. */
const otherVariables = new Set([CONFIG_VARIABLE, 'PERCH_URL', 'PERCH_API_KEY']);

/** Reads `--http-port 8080`, `--http-port=8080` and `--allow-anonymous`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const reading = { values: [] as GivenValue[], problems: [] as string[] };
  let configFile: string | undefined;
  let wants: CommandLine['wants'] = 'start';
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [flag = '', inline] = splitOnce(arg, '=');
    const setting = byFlag.get(flag);
    if (flag === '--help' || flag === '-h') wants = 'help';
    else if (flag === '--version' || flag === '-v') wants = 'version';
    else if (flag === '--config') {
      configFile = inline ?? rest.shift();
      if (!configFile) reading.problems.push('The flag --config has no value: give it the path of a file.');
    } else if (setting) {
      const value = inline ?? takeValue(setting, rest);
      if (value === undefined) reading.problems.push(`The flag ${flag} has no value: give it ${setting.allowed}.`);
      else reading.values.push({ setting, value, source: `the flag ${flag}`, kind: 'flag' });
    } else reading.problems.push(unknown('flag', flag, [...byFlag.keys(), ...ownFlags]));
  }
  return { ...reading, configFile, wants };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function takeValue(setting: NamedSetting, rest: string[]): string | undefined {
  const hasValue = rest[0] !== undefined && !rest[0].startsWith('--');
  const isSwitch = typeof setting.defaultValue === 'boolean';
  if (isSwitch && !(rest[0] === 'true' || rest[0] === 'false')) return 'true';
  return hasValue ? rest.shift() : undefined;
}

/** Reads DATABASE_URL and everything that begins with PERCH_. An empty variable is one that is not set. */
export function readEnvironment(env: Environment): SourceReading {
  const values: GivenValue[] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const setting = byVariable.get(name);
    if (setting && value)
      values.push({ setting, value, source: `the environment variable ${name}`, kind: 'environment' });
    if (setting || !name.startsWith('PERCH_') || otherVariables.has(name)) continue;
    problems.push(unknown('environment variable', name, [...byVariable.keys()]));
  }
  return { values, problems };
}

/** Reads the file that was named, or `perch.config.json` in the folder when there is one. */
export function readConfigFile(named: string | undefined, env: Environment, cwd: string): SourceReading {
  const file = named ?? (env[CONFIG_VARIABLE] || undefined);
  const source = file ?? 'perch.config.json';
  try {
    return readJson(readFileSync(resolve(cwd, source), 'utf8'), source);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && file === undefined) return { values: [], problems: [] };
    return { values: [], problems: [`The configuration file ${source} cannot be read: ${fileReason(error)}.`] };
  }
}

function readJson(text: string, source: string): SourceReading {
  const content = JSON.parse(text) as unknown;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { values: [], problems: [`The configuration file ${source} does not hold an object: begin it with {.`] };
  }
  const values: GivenValue[] = [];
  const problems: string[] = [];
  for (const [key, value] of Object.entries(content)) {
    const setting = byKey.get(key);
    if (setting) values.push({ setting, value, source, kind: 'file' });
    else if (key !== '$schema') problems.push(unknown('key', `${key} in ${source}`, [...byKey.keys()]));
  }
  return { values, problems };
}

function unknown(kind: string, name: string, known: readonly string[]): string {
  const nearest = findNearest(name.split(' ')[0] ?? name, known);
  return `Unknown ${kind} ${name}.${nearest ? ` Did you mean ${nearest}?` : ' --help lists what there is.'}`;
}
