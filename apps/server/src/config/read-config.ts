import { inPlainWords } from '../http/plain-issue.js';
import { configSchema, type Config } from './config.schema.js';
import {
  readCommandLine,
  readConfigFile,
  readEnvironment,
  type Environment,
  type GivenValue,
} from './config-sources.js';
import { helpText } from './help-text.js';
import { planListeners } from './listener-plan.js';
import { describeProblems } from './setting-problems.js';
import type { SettingOrigins } from './running-settings.js';
import { version } from './version.js';

/** What the server was asked to do: run with this configuration, or print a text. */
export type Invocation = { readonly config: Config; readonly origins: SettingOrigins } | { readonly text: string };

/** Everything that is wrong with the configuration, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Where the configuration is read from. */
export interface ConfigInput {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
}

/** The command line, environment and folder of this process. */
export function processInput(): ConfigInput {
  return { args: process.argv.slice(2), env: process.env, cwd: process.cwd() };
}

/** Reads defaults < file < environment < flags. Throws one `ConfigError` that names all that is wrong. */
export function readConfig({ args, env, cwd }: ConfigInput): Invocation {
  const flags = readCommandLine(args);
  if (flags.wants === 'help') return { text: helpText() };
  if (flags.wants === 'version') return { text: version };
  const sources = [readConfigFile(flags.configFile, env, cwd), readEnvironment(env), flags];
  const given = sources.flatMap(({ values }) => values);
  const problems = [...sources.flatMap((source) => source.problems), ...given.flatMap(findProblems)];
  if (problems.length > 0) throw new ConfigError(problems);
  const merged = Object.fromEntries(given.map(({ setting, value }) => [setting.key, value]));
  const config = Object.freeze(configSchema.parse(merged));
  const { problems: misfits } = planListeners(config);
  if (misfits.length > 0) throw new ConfigError(misfits);
  const origins = given.map(({ setting, kind, source }) => [setting.key, { kind, place: source }] as const);
  return { config, origins: new Map(origins) };
}

/** A bad value is an error also where a stronger source overrules it: somebody believes that it holds. */
function findProblems(given: GivenValue): string[] {
  const outcome = configSchema.shape[given.setting.key].safeParse(given.value, inPlainWords);
  return outcome.success && given.value !== undefined ? [] : describeProblems(given, outcome.error?.issues ?? []);
}
