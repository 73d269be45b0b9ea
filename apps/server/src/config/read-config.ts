import { configSchema, type Config } from './config.schema.js';
import {
  readCommandLine,
  readConfigFile,
  readEnvironment,
  type Environment,
  type GivenValue,
} from './config-sources.js';
import { helpText } from './help-text.js';
import { version } from './version.js';

/** What the server was asked to do: run with this configuration, or print a text. */
export type Invocation = { readonly config: Config } | { readonly text: string };

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
  const problems = [...sources.flatMap((source) => source.problems), ...given.flatMap(findProblem)];
  if (problems.length > 0) throw new ConfigError(problems);
  const merged = Object.fromEntries(given.map(({ setting, value }) => [setting.key, value]));
  return { config: Object.freeze(configSchema.parse(merged)) };
}

/** A bad value is an error also where a stronger source overrules it: somebody believes that it holds. */
function findProblem({ setting, value, source }: GivenValue): string[] {
  if (value !== undefined && configSchema.shape[setting.key].safeParse(value).success) return [];
  const shown = setting.isSecret ? 'the value' : JSON.stringify(value);
  return [`${setting.key}: ${shown} from ${source} is not ${setting.allowed}.`];
}
